/** Whether contenders found the same. */
import { sampled } from "../inputs.ts";
import type { Row } from "../rows.ts";
import type { Work } from "../work.ts";

interface Answer {
  name: string;
  answer: ArrayLike<number>;
}

/** Relative to the largest number of the answer: rounding apart, everyone computes the same. */
function tolerance(work: Work): number {
  // Regularised, without intercept or with another step: the libraries agree on most of the labels only.
  if (work.kind === "logistic-fit") return 0.05;
  return "dtype" in work && work.dtype === "f64" ? 1e-9 : 1e-4;
}

/** @throws Error if two contenders did not find the same. */
export function agree(row: Row, expected: Answer, found: Answer): void {
  const x = sampled(expected.answer);
  const y = sampled(found.answer);
  const sides = `${row.id}: ${found.name} and ${expected.name}`;
  if (expected.answer.length !== found.answer.length) {
    throw new Error(`${sides} found ${found.answer.length} and ${expected.answer.length} numbers`);
  }
  const scale = Math.max(...x.map(Math.abs));
  x.forEach((value, i) => {
    const difference = Math.abs(value - y[i]!);
    if (!(difference <= tolerance(row.work) * scale)) {
      throw new Error(`${sides} disagree on number ${i} of the sample: ${y[i]} and ${value}`);
    }
  });
}
