/** Chunks: their bounds follow from the number of samples alone, and their sums meet in a fixed order. */
import { describe, expect, test } from "vitest";
import { chunkSize } from "../src/chunks.ts";
import { Dataset } from "../src/dataset.ts";
import { Descent } from "../src/descent.ts";
import { hyperparameters } from "../src/hyperparameters.ts";
import { array, type NDArray, type TrainingOptions, zeros } from "../src/index.ts";
import { logisticPass, type Pass } from "../src/passes.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { inOrder, samples } from "./fixtures.ts";
import { elements, held, models } from "./model-state.ts";

/** Samples in a chunk and number of chunks, for m samples. */
const table = [
  [1, 16, 1],
  [16, 16, 1],
  [17, 32, 1],
  [1000, 1008, 1],
  [2047, 2048, 1],
  [2048, 1024, 2],
  [2049, 1040, 2],
  [4095, 2048, 2],
  [4096, 1024, 4],
  [8191, 2048, 4],
  [8192, 1024, 8],
  [16_383, 2048, 8],
  [16_384, 1024, 16],
  [16_385, 1040, 16],
  [50_000, 3136, 16],
  [131_071, 8192, 16],
  [131_072, 4096, 32],
  [262_143, 8192, 32],
  [262_144, 4096, 64],
  [1_000_000, 15_632, 64],
] as const;

/** The pass of logistic regression, writing down which samples of the data it was asked for. */
function spied({ features, place: whole }: Dataset, calls: [start: number, count: number][]): Pass {
  const pass = logisticPass(features);
  return {
    ...pass,
    gradient: (kernel, place, count, ...rest) => {
      const start = (place.x - whole.x) / whole.itemSize / whole.x_cs;
      expect(place.y - whole.y).toBe(start * whole.itemSize * whole.y_s);
      calls.push([start, count]);
      return pass.gradient(kernel, place, count, ...rest);
    },
  };
}

function datasetOf(n_x: number, m: number, dtype: "f32" | "f64" = "f32"): Dataset {
  const { X, Y } = samples(n_x, m);
  return new Dataset(array(X, { dtype }), array(Y, { dtype }));
}

function descentOf(pass: Pass, parameters: NDArray): Descent {
  return new Descent(pass, parameters, "test", "test");
}

const settings = (options: TrainingOptions) => hyperparameters("test", options, [], 2);

function finish(work: Generator<undefined, void>): number {
  let yields = 0;
  while (!work.next().done) yields++;
  return yields;
}

describe("chunks", () => {
  test.each(table)("of %i samples hold %i each and are %i", (m, size, chunks) => {
    expect(chunkSize(m)).toBe(size);
    expect(Math.ceil(m / chunkSize(m))).toBe(chunks);
  });

  test.each(table.filter(([m]) => m <= 50_000))(
    "of %i samples cover each sample once, in order, with a yield between them",
    (m, size, chunks) => {
      const calls: [number, number][] = [];
      const data = datasetOf(1, m);
      const descent = descentOf(spied(data, calls), zeros([2]));
      expect(finish(descent.accumulate(data))).toBe(chunks - 1);
      const bounds = Array.from({ length: chunks }, (_, i) => [i * size, Math.min(size, m - i * size)]);
      expect(calls).toEqual(bounds);
      expect(calls.reduce((sum, [, count]) => sum + count, 0)).toBe(m);
      expect(descent.samples).toBe(m);
      descent.release();
    },
  );

  test("of a part of the samples are the chunks of that many, shifted", () => {
    const calls: [number, number][] = [];
    const data = datasetOf(1, 3000);
    const descent = descentOf(spied(data, calls), zeros([2]));
    finish(descent.accumulate(data, 100, 2100));
    expect(calls).toEqual([
      [100, 1056],
      [1156, 1044],
    ]);
    descent.release();
  });

  test.each(dtypes)(
    "%s: sums start from zero in each chunk and join in the order of the chunks, to the bit",
    (dtype) => {
      const data = datasetOf(5, 9001, dtype);
      const parameters = array([0.3, -0.2, 0.1, 0.5, -0.4, 0.05], { dtype });
      const whole = descentOf(logisticPass(5), parameters);
      finish(whole.accumulate(data));
      const byHand = zeros([6], { dtype });
      let loss = 0;
      for (let start = 0; start < 9001; start += chunkSize(9001)) {
        const chunk = descentOf(logisticPass(5), parameters);
        finish(chunk.accumulate(data, start, Math.min(chunkSize(9001), 9001 - start)));
        const sums = chunk.gradient.data;
        byHand.data.set(byHand.data.map((sum, k) => sum + sums[k]!));
        loss += chunk.loss;
        chunk.release();
      }
      expectSame(elements(whole.gradient), elements(byHand), "gradient");
      expect(whole.loss).toBe(loss);
      whole.release();
    },
  );
});

describe("sums", () => {
  test("of X in either memory order are the same to the bit, also where chunks begin in between", () => {
    const { X, Y } = samples(3, 5000);
    const y = array(Y);
    const sums = (["rows", "columns"] as const).map((order) => {
      const descent = descentOf(logisticPass(3), array([1, -1, 0.5, 0.1]));
      finish(descent.accumulate(new Dataset(inOrder(X, order, "f32"), y), 7, 4900));
      return [...elements(descent.gradient), descent.loss];
    });
    expectSame(sums[0]!, sums[1]!, "sums");
  });

  test("are used up by a step and emptied by clear: nothing of them is in the next ones", () => {
    const data = datasetOf(3, 100, "f64");
    const parameters = zeros([4], { dtype: "f64" });
    const descent = descentOf(logisticPass(3), parameters);
    finish(descent.accumulate(data));
    const first = elements(descent.gradient);
    descent.clear();
    expect([...elements(descent.gradient), descent.samples, descent.loss]).toEqual(Array(6).fill(0));
    finish(descent.accumulate(data));
    expectSame(elements(descent.gradient), first, "after clear");
    descent.step(settings({ learningRate: 0.5 }), 100);
    expect([...elements(descent.gradient), descent.samples, descent.loss]).toEqual(Array(6).fill(0));
    expectSame(
      elements(parameters),
      first.map((sum) => -0.5 * (sum * (1 / 100))),
      "step",
    );
    descent.release();
  });

  test("are divided by the samples they hold, the penalty by m: p −= rate·(sums/samples + l2/m·p)", () => {
    const descent = descentOf(logisticPass(1), array([4, 2]));
    descent.gradient.data.set([16, 16]);
    descent.samples = 8;
    descent.step(settings({ learningRate: 0.5, l2: 6 }), 12);
    expect(elements(descent.parameters)).toEqual([4 - 0.5 * (2 + 2), 2 - 0.5 * 2]);
    descent.release();
  });

  test("carry a penalty of l2/(2m)·‖w‖² that leaves the bias out", () => {
    const descent = descentOf(logisticPass(2), array([3, 4, 100]));
    expect(descent.penalty(2, 10)).toBe(2.5);
    expect(descent.penalty(0, 10)).toBe(0);
    descent.release();
  });

  test("give their memory back, and leave the parameters alone", () => {
    const data = datasetOf(2, 5000);
    const parameters = zeros([3]);
    const before = held();
    const descent = descentOf(logisticPass(2), parameters);
    finish(descent.accumulate(data));
    expect(held().arrays).toBe(before.arrays + 2);
    descent.release();
    expect(held()).toEqual(before);
    expect(elements(parameters)).toEqual([0, 0, 0]);
  });
});

test.each(models)("$name: the gradient is the sums over the samples, within rounding", ({ make }) => {
  const { X, Y } = samples(6, 5000);
  using model = make({ dtype: "f64" }).initialize(6);
  const mean = model.gradient(X, Y);
  model.accumulate(X, Y);
  const { samples: m, ...sums } = model.sums;
  expect(m).toBe(5000);
  for (const [name, sum] of Object.entries(sums) as [keyof typeof mean, NDArray | number][]) {
    const numbers = (value: NDArray | number) => (typeof value === "number" ? [value] : elements(value));
    const want = numbers(sum).map((total) => total / m);
    expectWithin(
      numbers(mean[name]),
      want,
      want.map(() => 1e-12),
      name,
    );
  }
});
