import { describe, expect, test } from "vitest";
import { array, StandardScaler } from "../src/index.ts";
import { dtypes, epsilon, expectSame, expectWithin } from "./compare.ts";
import { golden, inOrder, noisy, orders, type Rows, rawBreastCancer, standardised } from "./fixtures.ts";
import { elements, expectRefusal, held } from "./model-state.ts";

interface Scaled {
  X: Rows;
  mean: number[];
  scale: number[];
  transformed: Rows;
}

const expected = golden<Scaled>("preprocessing");
const constant = [5, 6];

describe.each(dtypes)("StandardScaler in %s", (dtype) => {
  // Relative to the largest number that meets in a computation.
  const eps = epsilon[dtype];

  test.each(orders)("learns scikit-learn's mean and scale of X, %s after each other", (order) => {
    const scaler = new StandardScaler();
    expect(scaler.fit(inOrder(expected.X, order, dtype))).toBe(scaler);
    const sizes = expected.mean.map((mean, k) => Math.abs(mean) + expected.scale[k]!);
    const { mean, scale } = scaler;
    expect([mean.dtype, mean.shape, scale.shape]).toEqual([dtype, [7, 1], [7, 1]]);
    expectWithin(
      elements(mean),
      expected.mean,
      sizes.map((size) => 8 * eps * size),
      "mean",
    );
    expectWithin(
      elements(scale),
      expected.scale,
      sizes.map((size) => 8 * eps * size),
      "scale",
    );
    for (const k of constant) expect(scale.item(k, 0)).toBe(1);
    scaler.free();
  });

  test.each(orders)("transforms X, %s after each other, as scikit-learn does, and back", (order) => {
    const scaler = new StandardScaler();
    const X = inOrder(expected.X, order, dtype);
    const before = elements(X);
    const there = scaler.fitTransform(X);
    const back = scaler.inverseTransform(there);
    expect([there.shape, there.dtype]).toEqual([[7, 23], dtype]);
    expected.X.forEach((row, k) => {
      const size = Math.abs(expected.mean[k]!) + expected.scale[k]!;
      const bound = (8 * eps * size) / expected.scale[k]!;
      const rowOf = (a: typeof there) => elements(a).slice(23 * k, 23 * k + 23);
      expectWithin(rowOf(there), expected.transformed[k]!, Array(23).fill(4 * bound), `feature ${k}`);
      expectWithin(rowOf(back), row, Array(23).fill(8 * eps * size), `feature ${k} back`);
    });
    expectSame(elements(X), before, "X");
    scaler.free();
  });

  test("makes a constant feature exactly 0, whatever the constant and the number of samples", () => {
    for (const m of [1, 2, 3, 569, 5000]) {
      const values = [0.1, -1 / 3, 1e6 + 0.1, 0, 123.456];
      const scaler = new StandardScaler();
      const there = scaler.fitTransform(
        array(
          values.map((value) => Array(m).fill(value)),
          { dtype },
        ),
      );
      expect([...new Set(elements(there).map(Math.abs))], `${m} samples`).toEqual([0]);
      expect(new Set(elements(scaler.scale))).toEqual(new Set([1]));
      there.free();
      scaler.free();
    }
  });

  test("does not take a feature with a large mean for constant, however many samples there are", () => {
    const m = 50_000;
    const noise = noisy(1, m, 4, 1)[0]!;
    using X = array([noise.map((v) => 1000 + v), noise.map((v) => 10 + v / 100)], { dtype });
    const scaler = new StandardScaler().fit(X);
    // Evenly spread over (-1, 1): deviation 1/√3.
    expect(scaler.scale.item(0, 0)).toBeCloseTo(Math.sqrt(1 / 3), 2);
    expect(scaler.scale.item(1, 0)).toBeCloseTo(Math.sqrt(1 / 3) / 100, 4);
    scaler.free();
  });
});

describe("StandardScaler", () => {
  test("takes a feature for constant whose values differ by rounding only, as scikit-learn does", () => {
    const scaler = new StandardScaler().fit({ data: Float64Array.of(0.1 + 0.2, 0.3, 0.3, 1, 2, 3), shape: [2, 3] });
    expect(scaler.scale.item(0, 0)).toBe(1);
    expect(scaler.scale.item(1, 0)).toBeCloseTo(Math.sqrt(2 / 3), 15);
    scaler.free();
  });

  test("standardises the breast-cancer data as the tests do", () => {
    const { X } = rawBreastCancer();
    const want = standardised(X).flat();
    const found = elements(new StandardScaler().fitTransform(array(X, { dtype: "f64" })));
    expectWithin(
      found,
      want,
      want.map(() => 1e-11),
      "transformed",
    );
  });

  test("scales other data by what it learned, and says so when their features differ", () => {
    const scaler = new StandardScaler().fit([
      [0, 2],
      [10, 30],
    ]);
    expectSame(elements(scaler.transform([[3], [20]])), [2, 0], "transformed");
    expectSame(elements(scaler.inverseTransform([[2], [0]])), [3, 20], "back");
    const message = (verb: string) =>
      `StandardScaler.${verb}: X is (1, 2); expected 2 features, as the model has, samples as columns. X.T is (2, 1) and costs nothing.`;
    expectRefusal(() => scaler.transform([[1, 2]]), RangeError, message("transform"));
    expectRefusal(() => scaler.inverseTransform([[1, 2]]), RangeError, message("inverseTransform"));
    scaler.free();
  });

  test("forgets at the next fit, and keeps what it knew when that fails", () => {
    const scaler = new StandardScaler().fit([[0, 2]]);
    const message =
      "StandardScaler.fit: X[0, 1] is NaN; expected finite numbers. Remove that sample, or put a value in its place.";
    expectRefusal(() => scaler.fit([[1, Number.NaN]]), RangeError, message);
    expect([scaler.mean.item(0, 0), scaler.scale.item(0, 0)]).toEqual([1, 1]);
    scaler.fit([
      [4, 8],
      [0, 0],
    ]);
    expectSame(elements(scaler.mean), [6, 0], "mean");
    expectSame(elements(scaler.scale), [2, 1], "scale");
    scaler.free();
  });

  test("is not usable before fit or after free, which gives its memory back", () => {
    const before = held();
    const scaler = new StandardScaler();
    const message = (what: string) =>
      `StandardScaler.${what}: the StandardScaler has no parameters yet. Call fit first.`;
    const refused = () => {
      expectRefusal(() => scaler.mean, Error, message("mean"));
      expectRefusal(() => scaler.scale, Error, message("scale"));
      expectRefusal(() => scaler.transform([[1]]), Error, message("transform"));
      expectRefusal(() => scaler.inverseTransform([[1]]), Error, message("inverseTransform"));
    };
    refused();
    scaler.fit([[1, 2]]);
    expect(held().arrays).toBe(before.arrays + 1);
    scaler.free();
    scaler.free();
    expect(held()).toEqual(before);
    refused();
  });
});
