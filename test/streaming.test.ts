/** The three verbs: accumulate, step, and the sums in between. */
import { beforeAll, describe, expect, test } from "vitest";
import { array, LogisticRegression, type NDArray, TwoLayerNetwork } from "../src/index.ts";
import { dtypes, expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import {
  builds,
  elements,
  expectRefusal,
  expectSameParameters,
  held,
  type Model,
  models,
  parametersOf,
  useBuild,
} from "./model-state.ts";

/** All sums of a model as numbers. */
function sumsOf(model: Model): number[] {
  const { cost, samples: m, ...gradient } = model.sums;
  const slopes = Object.values(gradient).flatMap((sum: NDArray | number) =>
    typeof sum === "number" ? sum : elements(sum),
  );
  return [...slopes, cost, m];
}

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(models)("$name", ({ make }) => {
    test.each(dtypes)(
      "%s: fit with full batches is accumulate and step an epoch, to the bit, costs too",
      (dtype) => {
        const { X, Y } = samples(5, 9001);
        const [x, y] = [array(X, { dtype }), array(Y, { dtype })];
        using model = make({ epochs: 4, l2: 3, learningRate: 0.5 });
        const { cost } = model.fit(x, y);
        using hand = make({ l2: 3, learningRate: 0.5, dtype });
        const costs = Array.from({ length: 4 }, () => {
          hand.accumulate(x, y);
          return hand.step();
        });
        expectSameParameters(model, hand, "parameters");
        expectSame(costs, cost.slice(0, 4), "costs before each step");
        x.free();
      },
    );

    test.each(dtypes)(
      "%s: fit with batches in order is accumulate and step a batch, to the bit, without l2",
      (dtype) => {
        const { X, Y } = samples(5, 5000);
        const [x, y] = [array(X, { dtype }), array(Y, { dtype })];
        using model = make({ epochs: 2, batchSize: 2300, shuffle: false });
        model.fit(x, y);
        using hand = make({ dtype });
        for (const [start, stop] of [
          [0, 2300],
          [2300, 4600],
          [4600, 5000],
          [0, 2300],
          [2300, 4600],
          [4600, 5000],
        ]) {
          hand.accumulate(x.columns(start!, stop!), y.columns(start!, stop!));
          hand.step();
        }
        expectSameParameters(model, hand, "parameters");
        x.free();
      },
    );
  });
});

describe.each(models)("$name", ({ make }) => {
  const { X, Y } = samples(3, 50);

  test("accumulates: sums of two parts are the sums of all within rounding, samples counted", () => {
    using whole = make({ dtype: "f64" });
    using parts = make({ dtype: "f64" });
    whole.accumulate(X, Y);
    parts.accumulate(
      X.map((row) => row.slice(0, 13)),
      [Y[0]!.slice(0, 13)],
    );
    expect(parts.sums.samples).toBe(13);
    parts.accumulate(
      X.map((row) => row.slice(13)),
      [Y[0]!.slice(13)],
    );
    expect(parts.sums.samples).toBe(50);
    const all = sumsOf(whole);
    sumsOf(parts).forEach((sum, i) => {
      expect(Math.abs(sum - all[i]!)).toBeLessThan(1e-12);
    });
  });

  test("accumulates the same sums twice as twice the sums", () => {
    using model = make({ dtype: "f64" });
    model.accumulate(X, Y);
    const once = sumsOf(model);
    model.accumulate(X, Y);
    expectSame(
      sumsOf(model),
      once.map((sum) => 2 * sum),
      "twice",
    );
  });

  test("has sums of zero before the first accumulate and after each step", () => {
    using model = make({ dtype: "f64" }).initialize(3);
    expect(new Set(sumsOf(model))).toEqual(new Set([0]));
    model.accumulate(X, Y);
    expect(model.sums.samples).toBe(50);
    model.step();
    expect(new Set(sumsOf(model))).toEqual(new Set([0]));
    const [first, second] = [make({ dtype: "f64", epochs: 2 }), model];
    first.fit(X, Y);
    second.accumulate(X, Y);
    second.step();
    expectSameParameters(first, second, "two steps");
  });

  test("initialises itself at the first accumulate: dtype and features are the data's, the start the seed's", () => {
    using model = make({ seed: 3 });
    using start = make({ seed: 3 }).initialize(3, { dtype: "f64" });
    model.accumulate(array(X, { dtype: "f64" }), Y);
    expectSameParameters(model, start, "start");
    expect(start.sums.samples).toBe(0);
  });

  test("does not step without samples", () => {
    const message = (name: string) =>
      `${name}.step: the ${name} has accumulated no samples. Call accumulate(X, Y) first.`;
    using fresh = make();
    const { name } = fresh.constructor;
    expectRefusal(() => fresh.step(), Error, message(name));
    fresh.initialize(3);
    expectRefusal(() => fresh.step(), Error, message(name));
    fresh.accumulate(X, Y);
    fresh.step();
    const before = parametersOf(fresh);
    expectRefusal(() => fresh.step(), Error, message(name));
    expectSame(parametersOf(fresh), before, "parameters");
  });

  test("refuses a bad piece without touching sums or parameters", () => {
    using model = make({ dtype: "f64" });
    model.accumulate(X, Y);
    const before = [...sumsOf(model), ...parametersOf(model)];
    const memory = held();
    const bad = X.map((row, k) => row.map((x, j) => (k === 2 && j === 49 ? Number.NaN : x)));
    expect(() => model.accumulate(bad, Y)).toThrow(`${model.constructor.name}.accumulate: X[2, 49] is NaN`);
    expect(() => model.accumulate(X.slice(0, 2), Y)).toThrow("expected 3 features, as the model has");
    expect(() => model.accumulate(X, [Y[0]!.map((y) => 2 * y)])).toThrow("expected labels 0 or 1");
    expectSame([...sumsOf(model), ...parametersOf(model)], before, "sums, parameters");
    expect(held()).toEqual(memory);
  });

  test("stays without parameters when its first piece is bad", () => {
    using model = make();
    const before = held();
    expect(() => model.accumulate(X, [Y[0]!.map(() => 3)])).toThrow("expected labels 0 or 1");
    expect(() => model.sums).toThrow("has no parameters yet");
    expect(held()).toEqual(before);
  });

  test("forgets the sums when it is fitted or initialised", () => {
    using model = make({ dtype: "f64", epochs: 2 });
    model.accumulate(X, Y);
    model.fit(X, Y);
    expect(model.sums.samples).toBe(0);
    model.accumulate(X, Y);
    model.initialize(3);
    expect(new Set(sumsOf(model))).toEqual(new Set([0]));
  });

  test("holds what it accumulates in memory of a fixed size, and gives it back", () => {
    const before = held();
    const model = make({ dtype: "f64" });
    const sizes = Array.from({ length: 5 }, () => {
      model.accumulate(X, Y);
      model.accumulate(X, Y);
      model.step();
      return held().used;
    });
    expect(new Set(sizes).size).toBe(1);
    model.free();
    expect(held()).toEqual(before);
  });
});

test("step returns the cost of the accumulated samples before the update, with the penalty over their number", () => {
  using model = new LogisticRegression({ l2: 3, initialization: { w: [[2]], b: 0 }, dtype: "f64" });
  model.accumulate([[0, 0, 0]], [[0, 1, 0]]);
  expect(model.step()).toBeCloseTo(Math.LN2 + (3 / 6) * 4, 14);
});

test("step uses rate, l2 and the number of samples: w −= rate·(Σdw/m + l2/m·w), b −= rate·Σdb/m", () => {
  using model = new LogisticRegression({
    learningRate: 0.5,
    l2: 3,
    initialization: { w: [[2]], b: 0 },
    dtype: "f64",
  });
  model.accumulate([[0, 0, 0]], [[0, 1, 0]]); // every a is ½: dz = ½, −½, ½
  model.step();
  expect([model.w.item(0, 0), model.b]).toEqual([2 - 0.5 * 2, -0.5 * (0.5 * (1 / 3))]);
});

test("sums have the course's names and shapes, and are views of the model's memory", () => {
  using logistic = new LogisticRegression().initialize(3);
  using network = new TwoLayerNetwork({ hidden: 4 }).initialize(3);
  expect(logistic.sums.dw.shape).toEqual([3, 1]);
  const { dW1, db1, dW2, db2 } = network.sums;
  expect([dW1, db1, dW2, db2].map((sum) => sum.shape)).toEqual([
    [4, 3],
    [4, 1],
    [1, 4],
    [1, 1],
  ]);
  expect(dW1.storage).toBe(network.sums.db2.storage);
  expect(() => dW1.free()).toThrow("is a view of a TwoLayerNetwork's memory");
});
