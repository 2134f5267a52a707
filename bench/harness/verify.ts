/** Whether contenders found the same. */
import type { Answer } from "../contenders/contender.ts";
import { sampled } from "../inputs.ts";
import type { Row } from "../row.ts";
import type { Work } from "../work.ts";

/** What a contender found, sampled. */
export interface Found {
  name: string;
  sample: number[];
  /** Numbers of the whole answer. */
  length: number;
}

/** The sample that is compared. */
export function picked(answer: Answer): Omit<Found, "name"> {
  return "sample" in answer ? answer : { sample: sampled(answer), length: answer.length };
}

/** Relative to the largest number of the answer: rounding apart, everyone computes the same. */
function tolerance(work: Work): number {
  // Regularised, without intercept or with another step: the libraries agree on most of the labels only.
  if (work.kind === "logistic-fit") return 0.05;
  return "dtype" in work && work.dtype === "f64" ? 1e-9 : 1e-4;
}

/** @throws Error if two contenders did not find the same, within `own` where a contender is known to be less exact. */
export function agree(row: Row, expected: Found, found: Found, own?: number): void {
  const sides = `${row.id}: ${found.name} and ${expected.name}`;
  if (expected.length !== found.length) {
    throw new Error(`${sides} found ${found.length} and ${expected.length} numbers`);
  }
  const scale = Math.max(...expected.sample.map(Math.abs));
  expected.sample.forEach((value, i) => {
    const difference = Math.abs(value - found.sample[i]!);
    if (!(difference <= (own ?? tolerance(row.work)) * scale)) {
      throw new Error(`${sides} disagree on number ${i} of the sample: ${found.sample[i]} and ${value}`);
    }
  });
}
