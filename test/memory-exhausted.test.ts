/** When the memory is exhausted: which error, and that nothing is left behind. */
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  add,
  array,
  configure,
  div,
  exp,
  full,
  info,
  LogisticRegression,
  matmul,
  max,
  mean,
  mul,
  type NDArray,
  ones,
  Random,
  StandardScaler,
  sum,
  TwoLayerNetwork,
  trainTestSplit,
  zeros,
} from "../src/index.ts";
import { expectRejected, usage } from "./usage.ts";

const PAGE = 65536;

afterEach(() => configure({ memoryLimit: 2 ** 32 }));

// Everything that the calls below need is made before the memory is closed.
const side = 512;
const a = ones([side, side]);
const transposed = ones([side, side]).T;
const column = ones([side * side, 1]);
const m = 4000;
const X = new Random(1).uniform([50, m]);
const Y = array({ data: Float32Array.from({ length: m }, (_, i) => i % 2), shape: [1, m] });
const plain = { data: new Float32Array(50 * m), shape: [50, m] };
const scaler = new StandardScaler().fit(X);
const models = {
  LogisticRegression: () => new LogisticRegression({ epochs: 1 }),
  TwoLayerNetwork: () => new TwoLayerNetwork({ epochs: 1, hidden: 2000 }),
};
const [logistic, network] = [models.LogisticRegression(), models.TwoLayerNetwork()];
logistic.fit(X, Y);
network.fit(X.columns(0, 2), Y.columns(0, 2));

/** Fills the memory with blocks until less than `rest` bytes are left in one piece; frees them afterwards. */
function closed(rest: number, act: () => void): void {
  const fillers: NDArray[] = [];
  configure({ memoryLimit: Math.max(info().memory.total, PAGE) });
  for (let bytes = 2 ** 28; bytes >= 16; bytes /= 2) {
    for (;;) {
      try {
        fillers.push(zeros(bytes / 4));
      } catch {
        break;
      }
    }
  }
  const spare = rest > 0 ? fillers.findIndex((filler) => filler.size * 4 === rest) : -1;
  if (spare >= 0) fillers.splice(spare, 1)[0]!.free();
  try {
    act();
  } finally {
    for (const filler of fillers) filler.free();
  }
}

/** The message for `who`, of whatever size. */
function expectOutOfMemory(who: string, act: () => unknown): void {
  const { limit } = info().memory;
  expectRejected(act, (error) => {
    expect(error).toBeInstanceOf(RangeError);
    const { message } = error as RangeError;
    const [, asker, bytes] = /^(\S+): out of memory: (\d+) bytes/.exec(message) ?? [];
    expect(asker).toMatch(new RegExp(`^(${who})$`));
    expect(message).toMatch(
      /: out of memory: \d+ bytes are needed and \d+ arrays hold \d+; expected at most \d+ in all\. free\(\) arrays, or make them in a scope\(\) or with using: a loop that never yields to the event loop keeps dropped arrays\.$/,
    );
    expect(Number(bytes)).toBeGreaterThan(0);
    expect(message).toContain(`expected at most ${limit} in all`);
  });
}

/** A large one fails at its first array, a small one at its second or third: all of them must clean up. */
const calls: [string, string, () => unknown][] = [
  ["zeros", "zeros", () => zeros([side, side])],
  ["full", "full", () => full([side, side], 1)],
  ["array of a typed array", "array", () => array(plain)],
  ["array of an array", "NDArray.astype", () => array(a)],
  ["copy", "NDArray.astype", () => transposed.copy()],
  ["astype of a transpose", "NDArray.astype", () => transposed.astype("f64")],
  ["uniform", "Random.uniform", () => new Random(1).uniform([side, side])],
  ["permutation", "Random.permutation", () => new Random(1).permutation(side * side)],
  ["add", "add", () => add(a, a)],
  ["add of a transpose and a number", "add", () => add(transposed, 1)],
  ["exp", "exp", () => exp(a)],
  ["matmul", "matmul", () => matmul(a, transposed)],
  ["sum over an axis", "sum", () => sum(column, { axis: 1 })],
  ["the mean of a slice", "mean|NDArray.astype", () => mean(a.columns(0, 511))],
  ["the largest of a slice, kept", "max|NDArray.astype", () => max(a.columns(1, 512), { keepDims: true })],
  ["fit of a scaler", "StandardScaler.fit|sub|mean|add|mul|div|sqrt", () => new StandardScaler().fit(X)],
  ["fit of a scaler that was fitted", "StandardScaler.fit|sub|mean|add|mul|div|sqrt", () => scaler.fit(X)],
  ["fit of a scaler on plain data", "StandardScaler.fit", () => scaler.fit(plain)],
  ["transform", "sub|StandardScaler.transform", () => scaler.transform(X)],
  ["inverseTransform", "mul|StandardScaler.inverseTransform", () => scaler.inverseTransform(X)],
  ["trainTestSplit", "trainTestSplit|Random.permutation", () => trainTestSplit(X, Y)],
  ["trainTestSplit in order", "trainTestSplit", () => trainTestSplit(X, Y, { shuffle: false })],
  ["fit on plain data", "LogisticRegression.fit", () => logistic.fit(plain, Y)],
  [
    "fit in batches",
    "LogisticRegression.fit",
    () => new LogisticRegression({ epochs: 1, batchSize: 3000 }).fit(X, Y),
  ],
  ["fit of a network", "TwoLayerNetwork.fit", () => models.TwoLayerNetwork().fit(X, Y)],
  ["fit of a fitted network", "TwoLayerNetwork.fit", () => network.fit(X, Y)],
  ["accumulate", "TwoLayerNetwork.accumulate", () => models.TwoLayerNetwork().accumulate(X, Y)],
  ["accumulate of a fitted network", "TwoLayerNetwork.accumulate", () => network.accumulate(X, Y)],
  ["gradient", "TwoLayerNetwork.gradient", () => network.gradient(X, Y)],
  ["forward", "matmul|TwoLayerNetwork.forward|add|tanh|sigmoid", () => network.forward(X)],
  ["forward of logistic regression", "matmul|LogisticRegression.forward|sigmoid", () => logistic.forward(X)],
  ["predict on plain data", "LogisticRegression.predict", () => logistic.predict(plain)],
  ["predict", "TwoLayerNetwork.predict", () => network.predict(X)],
  ["predictProbability", "LogisticRegression.predictProbability", () => logistic.predictProbability(X)],
  ["score", "TwoLayerNetwork.(score|predict)|accuracy", () => network.score(X, Y)],
];

describe("with no memory left, the error names the call and nothing is left of", () => {
  test.each(calls)("%s", (_, who, act) => {
    closed(0, () => expectOutOfMemory(who, act));
  });
});

describe("with room for a part of what is needed, nothing is left of", () => {
  test.each(calls)("%s", (_, _who, act) => {
    for (let rest = 32; rest <= 2 ** 21; rest *= 2) {
      closed(rest, () => {
        const before = usage();
        let returned = false;
        try {
          act();
          returned = true;
        } catch (error) {
          expect(String(error)).toContain("out of memory");
        }
        if (!returned) expect(usage()).toEqual(before);
      });
    }
  });
});

type Library = typeof import("../src/index.ts");

test.each<[string, (lib: Library, slice: NDArray, row: NDArray, column: NDArray) => unknown]>([
  ["matmul", (lib, _, row, column) => lib.matmul(column, row)],
  ["sum", (lib, slice) => lib.sum(slice)],
  ["max", (lib, slice) => lib.max(slice)],
])("%s that finds no room for its first scratch leaves no result and no copy of its input", async (_, act) => {
  vi.resetModules();
  const lib = await import("../src/index.ts");
  lib.configure({ memoryLimit: lib.info().memory.total });
  const given = [lib.ones([64, 64]).columns(0, 63), lib.ones([1, 63]), lib.ones([64, 1])] as const;
  // As large as a copy of the slice, and as the product.
  const gap = lib.ones([64, 63]);
  for (let bytes = 2 ** 24; bytes >= 16; bytes /= 2) {
    for (let full = false; !full; ) {
      try {
        lib.zeros(bytes / 4);
      } catch {
        full = true;
      }
    }
  }
  gap.free();
  const { used, arrays } = lib.info().memory;
  expect(() => act(lib, ...given)).toThrow("out of memory");
  expect(lib.info().memory).toMatchObject({ used, arrays });
});

test("what failed for want of memory works once there is some", () => {
  const probability = network.predictProbability(X.columns(0, 4)).toArray();
  const means = scaler.mean.toArray();
  closed(0, () => {
    expect(() => network.fit(X, Y)).toThrow("out of memory");
    expect(() => scaler.fit(X)).toThrow("out of memory");
  });
  configure({ memoryLimit: 2 ** 32 });
  expect(network.predictProbability(X.columns(0, 4)).toArray()).toEqual(probability);
  expect(scaler.mean.toArray()).toEqual(means);
  expect(div(mul(a, 2), add(a, a)).item(3, 3)).toBe(1);
});
