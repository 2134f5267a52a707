/** Long loops that never yield, and what is dropped: the memory is what it was before. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  argmax,
  array,
  div,
  dot,
  exp,
  full,
  info,
  LogisticRegression,
  leakyRelu,
  leakyReluDerivative,
  log,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  type NDArray,
  neg,
  ones,
  Random,
  relu,
  reluDerivative,
  StandardScaler,
  scope,
  sigmoid,
  sigmoidDerivative,
  sqrt,
  sub,
  sum,
  TwoLayerNetwork,
  tanh,
  tanhDerivative,
  trainTestSplit,
  zeros,
} from "../src/index.ts";
import { quietUsage, usage } from "./usage.ts";

const a = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const row = array([[1, 2, 3]]);
const out = zeros([2, 3]);
const square = zeros([2, 2]);
const random = new Random(1);

/** Operations of every kind that make an array. */
const making: ((i: number) => NDArray)[] = [
  (i) => zeros([i % 7, 5]),
  (i) => ones(i % 50),
  (i) => full([3, 3], i),
  (i) =>
    array([
      [i, 1],
      [2, 3],
    ]),
  () => array(Float64Array.of(1, 2, 3)),
  () => array({ data: Int8Array.of(1, 2), shape: [2, 1] }),
  () => array(a, { dtype: "f64" }),
  () => a.T.copy(),
  () => a.T.astype("f64"),
  () => a.columns(0, 2).astype("f64"),
  () => add(a, row),
  (i) => sub(a, i),
  () => mul(a.T, row.T),
  (i) => div(i, a),
  () => maximum(a, row),
  () => minimum(a, 3),
  () => neg(a.T),
  ...[exp, log, sqrt, sigmoid, sigmoidDerivative, tanh, tanhDerivative].map((f) => () => f(a)),
  ...[relu, reluDerivative, leakyRelu, leakyReluDerivative].map((f) => () => f(a.columns(1, 3))),
  () => matmul(a, a.T),
  () => matmul(a.T, a),
  () => sum(a, { axis: 0 }),
  () => mean(a.T, { axis: 1, keepDims: true }),
  () => argmax(a, { axis: 1 }),
  () => sum(a, { keepDims: true }),
  () => random.uniform([2, 3]),
  () => random.normal(5, { dtype: "f64" }),
];

/** Operations that make none, some of them with intermediate arrays. */
const passing: ((i: number) => unknown)[] = [
  () => add(a, row, { out }),
  (i) => mul(a, i, { out }),
  () => exp(out, { out }),
  () => matmul(a, a.T, { out: square }),
  () => sum(a.columns(0, 2)),
  () => argmax(a.T),
  () => mean(a),
  () => dot(row, a.rows(1, 2)),
  () => random.permutation(10),
  () => [a.T, a.reshape(6), a.rows(0, 1), a.columns(0, 1), a.data, a.item(0, 0), a.toArray()],
];

describe("100,000 operations of every kind", () => {
  let before: ReturnType<typeof usage>;
  let total: number;

  beforeAll(() => {
    for (const act of [...making, ...passing]) scope(() => void act(1));
    before = usage();
    total = info().memory.total;
  });

  const ways: [string, (i: number) => void][] = [
    ["each result freed", (i) => making[i % making.length]!(i).free()],
    ["each within a scope", (i) => scope(() => void making[i % making.length]!(i))],
    [
      "fifty at a time within a scope",
      (i) =>
        scope(() => {
          for (let k = 0; k < 50; k++) making[(i + k) % making.length]!(i);
        }),
    ],
    ["into out, or without a result", (i) => void passing[i % passing.length]!(i)],
  ];

  test.each(ways)("%s leave the memory as it was, at every moment no larger", (way, act) => {
    const times = way.startsWith("fifty") ? 2000 : 100_000;
    for (let i = 0; i < times; i++) act(i);
    expect(usage()).toEqual(before);
    expect(info().memory.total).toBe(total);
  });

  test("dropped are collected as soon as the event loop runs", async () => {
    const quiet = await quietUsage();
    for (let block = 0; block < 20; block++) {
      for (let i = 0; i < 5000; i++) making[i % making.length]!(i);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect(await quietUsage()).toEqual(quiet);
    expect(info().memory.total).toBeLessThan(32 * 1024 * 1024);
  });
});

describe("models", () => {
  const X = array([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [1, 0, 1, 0, 1, 0, 1, 0],
  ]);
  const Y = array([[0, 0, 1, 0, 1, 1, 1, 1]]);
  const nested = X.toArray() as number[][];
  const makers = [
    ["LogisticRegression", (options: object) => new LogisticRegression({ epochs: 2, ...options })],
    ["TwoLayerNetwork", (options: object) => new TwoLayerNetwork({ epochs: 2, hidden: 3, ...options })],
  ] as const;

  test.each(makers)("10,000 fits of one %s leave the memory where the first one left it", (_, make) => {
    for (const options of [{}, { batchSize: 3, l2: 0.1 }, { batchSize: 4, shuffle: false, warmStart: true }]) {
      const start = usage();
      const model = make(options);
      model.fit(X, Y);
      model.fit(nested, Y.T.T);
      const before = usage();
      const { total } = info().memory;
      for (let i = 0; i < 3334; i++) model.fit(i % 3 === 0 ? nested : X, Y);
      expect(usage()).toEqual(before);
      expect(info().memory.total).toBe(total);
      model.free();
      expect(usage()).toEqual(start);
    }
  });

  test.each(makers)("everything that a fitted %s does leaves nothing but what it returns", (_, make) => {
    const before = usage();
    const model = make({});
    model.fit(X, Y);
    const fitted = usage();
    for (let i = 0; i < 500; i++) {
      scope(() => {
        model.predict(X);
        model.predictProbability(nested);
        model.score(X, Y);
        model.forward(X);
        model.gradient(X, Y);
        model.accumulate(X, Y);
        model.step();
        void model.parameters;
      });
    }
    // The three verbs keep their sums until the model is freed or fitted again.
    expect(usage().arrays).toBeLessThanOrEqual(fitted.arrays + 2);
    model.fit(X, Y);
    expect(usage()).toEqual(fitted);
    model.free();
    expect(usage()).toEqual(before);
  });

  test.each(makers)(
    "a %s that is dropped gives its memory back, and what it knows stays with its views",
    async (_, make) => {
      const before = await quietUsage();
      const views = (() => {
        for (let i = 0; i < 50; i++) {
          const model = make({});
          model.fit(X, Y);
          model.accumulate(X, Y);
        }
        const last = make({});
        last.fit(X, Y);
        return last.parameters;
      })();
      expect((await quietUsage()).arrays).toBe(before.arrays + 1);
      const weights = "w" in views ? views.w : views.W1;
      expect((weights.toArray() as number[][]).flat().every(Number.isFinite)).toBe(true);
    },
  );

  test("preprocessing leaves nothing but what it returns", () => {
    const scaler = new StandardScaler();
    const start = usage();
    scaler.fit(X);
    const before = usage();
    for (let i = 0; i < 500; i++) {
      scaler.fit(i % 2 === 0 ? X : nested);
      scope(() => {
        scaler.inverseTransform(scaler.transform(X));
        scaler.fitTransform(nested);
        trainTestSplit(X, Y, { seed: i, stratify: i % 2 === 0, shuffle: i % 3 === 0 || i % 2 === 0 });
      });
    }
    expect(usage()).toEqual(before);
    scaler.free();
    expect(usage()).toEqual(start);
  });
});
