/** What is rejected leaves the memory, and what it was called on, exactly as before. */
import { describe, expect, test } from "vitest";
import {
  accuracy,
  add,
  array,
  configure,
  dot,
  exp,
  full,
  LogisticRegression,
  logLoss,
  matmul,
  max,
  ones,
  Random,
  rocAuc,
  StandardScaler,
  scope,
  sum,
  TwoLayerNetwork,
  trainTestSplit,
  zeros,
} from "../src/index.ts";
import { wrong } from "./error-rows.ts";
import { expectRejected } from "./usage.ts";

const grid = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const wide = grid.astype("f64");
const vector = ones(3);
const cube = ones([2, 2, 2]);
const tall = zeros([2 ** 16, 1]);
const [two, three] = [ones([2, 2]), ones([3, 3])];
const freed = ones([2, 3]);
const freedLabels = zeros([1, 3]);
for (const a of [freed, freedLabels]) a.free();

const calls: [string, () => unknown][] = [
  ["a ragged array", () => array([[1, 2], [3]])],
  ["a string in an array", () => array([["1"]] as never)],
  ["a copy of a freed array", () => array(freed)],
  ["a copy in a wrong shape", () => array(grid, { shape: [4, 2] })],
  ["a copy in a negative shape", () => array(grid, { shape: [-2, -3] })],
  ["a copy in a shape that is none", () => array(grid, { shape: wrong(6) })],
  ["a copy with a wrong dtype", () => array(grid, { dtype: wrong("f16") })],
  ["bigints", () => array(wrong(new BigInt64Array(3)))],
  ["no bigints", () => array(wrong(new BigInt64Array(0)))],
  ["zeros of a wrong dtype", () => zeros(3, { dtype: wrong("int") })],
  ["full of text", () => full(3, wrong("1"))],
  ["astype of a freed array", () => freed.astype("f64")],
  ["astype of no dtype", () => grid.T.astype(wrong("f16"))],
  ["copy of a freed array", () => freed.copy()],
  ["reshape of a transpose", () => grid.T.reshape(6)],
  ["columns out of range", () => grid.columns(1, 9)],
  ["an operation on a freed array", () => exp(freed)],
  ["an operation with a freed array", () => add(grid, freed)],
  ["an operation of a number with a freed array", () => add(1, freed)],
  ["an operation on JavaScript's arrays", () => add(grid, wrong([1, 2, 3]))],
  ["an operation with a string", () => add(wrong("1"), grid)],
  ["two dtypes", () => add(grid, wide)],
  ["shapes that do not broadcast", () => add(grid, cube)],
  ["a result over 4 GB", () => add(tall, tall.T)],
  ["out of another shape", () => add(grid, 1, { out: vector })],
  ["out of another dtype", () => exp(grid, { out: wide })],
  ["out over an input", () => matmul(grid, grid.T, { out: grid.columns(0, 2) })],
  ["factors that do not fit", () => matmul(grid, grid)],
  ["a second factor that was freed", () => matmul(two, freed)],
  ["a first factor that was freed", () => matmul(freed, three)],
  ["dot of matrices", () => dot(grid, grid)],
  ["a reduction over no axis", () => sum(grid, { axis: 5 })],
  ["a reduction of a freed array", () => sum(freed)],
  ["a reduction of a freed array over an axis", () => sum(freed, { axis: 0 })],
  ["the largest of nothing", () => max(grid.columns(0, 0), { axis: 1 })],
  ["a shape of random numbers that is none", () => new Random(1).normal(wrong(undefined))],
  ["a dtype of random numbers that is none", () => new Random(1).normal(3, { dtype: wrong("x") })],
  ["a permutation of too many", () => new Random(1).permutation(2 ** 31 - 1)],
  [
    "a scope that throws",
    () =>
      scope(() => {
        zeros(100);
        throw new Error("scope: thrown by the body");
      }),
  ],
  ["a scope that returns a promise", () => scope(async () => zeros(100))],
  ["a configuration", () => configure({ memoryLimit: 1 })],
];

describe("the memory is as before after", () => {
  test.each(calls)("%s", (_, act) => {
    // Once for what the call makes ready, such as scratch; what is in use must not change even then.
    for (let i = 0; i < 3; i++) expectRejected(act);
  });
});

const X = array([
  [0, 1, 2, 3],
  [1, 0, 1, 0],
]);
const Y = array([[0, 1, 0, 1]]);
const nested = [
  [0, 1, 2, 3],
  [1, 0, 1, 0],
];
const nan = array([
  [0, NaN, 2, 3],
  [1, 0, 1, 0],
]);

const data: [string, unknown, unknown][] = [
  ["labels in another number", nested, [[0, 1, 0]]],
  ["samples as rows", X.T, Y],
  ["no axes for the labels", nested, [0, 1, 0, 1]],
  ["NaN in the data", nan, Y],
  ["NaN in plain data", nan.toArray(), Y],
  ["other labels", nested, [[0, 1, 0.5, 1]]],
  ["text", [["a"]], Y],
  ["text as labels", nested, [["a", 1, 0, 1]]],
  ["two dtypes", X, Y.astype("f64")],
  ["a vector", vector, Y],
  ["nothing", [[], []], [[]]],
  ["a freed array", freed, array([[0, 1, 0]])],
  ["freed labels", ones([2, 3]), freedLabels],
];

describe.each(data)("given %s, the memory and the model are as before after", (_, x, y) => {
  const given = [wrong(x), wrong(y)] as [never, never];

  test.each([
    ["LogisticRegression", () => new LogisticRegression({ epochs: 2, batchSize: 2 })],
    ["TwoLayerNetwork", () => new TwoLayerNetwork({ epochs: 2, batchSize: 2 })],
  ] as const)("each call of a %s", (_name, make) => {
    const fresh = make();
    const fitted = make();
    fitted.fit(X, Y);
    const before = JSON.stringify(fitted.predictProbability(X).toArray());
    for (const model of [fresh, fitted]) {
      expectRejected(() => model.fit(...given));
      expectRejected(() => model.accumulate(...given));
    }
    for (const act of [() => fitted.score(...given), () => fitted.gradient(...given)]) expectRejected(act);
    expect(JSON.stringify(fitted.predictProbability(X).toArray())).toBe(before);
    expect(() => fresh.predict(X)).toThrow("has no parameters yet");
    fitted.free();
  });

  test("trainTestSplit", () => {
    expectRejected(() => trainTestSplit(...given));
  });
});

test.each<[string, () => unknown]>([
  ["a scaler given NaN", () => new StandardScaler().fit(nan)],
  ["a scaler given text", () => new StandardScaler().fit(wrong([["a"]]))],
  ["a scaler given a freed array", () => new StandardScaler().fit(freed)],
  ["a scaler that was not fitted", () => new StandardScaler().transform(X)],
  ["a metric of unequal lengths", () => accuracy(Y, [0, 1])],
  ["a metric of other labels", () => accuracy(Y, [0, 1, 0.5, 1])],
  ["a metric of no probabilities", () => logLoss(Y, [0, 1, 2, 1])],
  ["a metric of one class", () => rocAuc([1, 1], [0.5, 0.1])],
  ["a metric of nothing at all", () => accuracy(Y, wrong(null))],
  ["a start in a wrong shape", () => new LogisticRegression({ initialization: { w: [[1]], b: 0 } }).fit(X, Y)],
  [
    "a start of text",
    () => new TwoLayerNetwork({ initialization: wrong({ W1: [[1]], b1: "x", W2: [[1]], b2: [[1]] }) }).fit(X, Y),
  ],
  ["a cost that is not finite", () => new LogisticRegression({ learningRate: 1e300 }).fit(nested, Y)],
  [
    "a callback that throws",
    () =>
      new LogisticRegression({
        onEpoch: () => {
          throw new Error("onEpoch: thrown by the callback");
        },
        batchSize: 2,
      }).fit(nested, Y),
  ],
  ["a batch that is too large", () => new TwoLayerNetwork({ batchSize: 9 }).fit(nested, Y)],
  ["a test that takes all", () => trainTestSplit(nested, Y, { testSize: 4 })],
])("the memory is as before after %s", (_, act) => {
  for (let i = 0; i < 2; i++) expectRejected(act);
});
