/** 2.1, 2.15, 2.16, 3.2: samples as columns, the broadcasting rule, what reshape costs, and the shapes of a network. */
import { describe, expect, test } from "vitest";
import { add, array, div, info, LogisticRegression, mul, sum, TwoLayerNetwork, zeros } from "../../src/index.ts";

/** Every shape of up to three axes with extents 1, 2 and 3. */
const shapes = [0, 1, 2, 3].flatMap((axes) =>
  Array.from({ length: 3 ** axes }, (_, code) =>
    Array.from({ length: axes }, (_, axis) => 1 + (Math.floor(code / 3 ** axis) % 3)),
  ),
);

/** The rule as chapter 2.15 says it: from right to left, equal, or one of them 1 or missing. */
function together(a: number[], b: number[]): number[] | undefined {
  const result: number[] = [];
  for (let back = 1; back <= Math.max(a.length, b.length); back++) {
    const [p, q] = [a.at(-back) ?? 1, b.at(-back) ?? 1];
    if (p !== q && p !== 1 && q !== 1) return undefined;
    result.unshift(Math.max(p, q));
  }
  return result;
}

test("all 1,600 pairs of small shapes meet exactly where the rule says so, in the shape that it says", () => {
  const pairs = shapes.flatMap((a) => shapes.map((b) => [a, b] as const));
  expect(pairs).toHaveLength(1600);
  let illegal = 0;
  for (const [a, b] of pairs) {
    const expected = together(a, b);
    if (expected) expect(add(zeros(a), zeros(b)).shape).toEqual(expected);
    else {
      illegal++;
      expect(() => add(zeros(a), zeros(b)), `${a} and ${b}`).toThrow(
        /^add: a is \(.*\) and b is \(.*\); expected extents/,
      );
    }
  }
  expect(illegal).toBeGreaterThan(300);
});

test("the shares of calories add up to 100 for each food", () => {
  const A = array([
    [56, 0, 4.4, 68],
    [1.2, 104, 52, 8],
    [1.8, 135, 99, 0.9],
  ]);
  const share = mul(100, div(A, sum(A, { axis: 0, keepDims: true })));
  for (const total of sum(share, { axis: 0 }).toArray() as number[]) expect(total).toBeCloseTo(100, 4);
  expect(share.item(0, 0)).toBeCloseTo((100 * 56) / 59, 4);
});

describe("reshape", () => {
  test.each([5, 10_000_000])("of %d elements takes no memory and moves none: it is a view", (size) => {
    const a = zeros(size);
    const { used, arrays } = info().memory;
    const column = a.reshape(-1, 1);
    expect([column.shape, column.pointer]).toEqual([[size, 1], a.pointer]);
    expect(info().memory).toMatchObject({ used, arrays });
    column.data[size - 1] = 7;
    expect(a.item(size - 1)).toBe(7);
  });
});

test.each([
  [1, 1, 1],
  [3, 4, 5],
  [7, 2, 1],
])("a network of %d inputs and %d units on %d samples has the shapes of chapters 3.2 and 3.9", (n_0, n_1, m) => {
  const network = new TwoLayerNetwork({ hidden: n_1 }).initialize(n_0);
  const shapesOf = (arrays: object) =>
    Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
  expect(shapesOf(network.parameters)).toEqual({ W1: [n_1, n_0], b1: [n_1, 1], W2: [1, n_1], b2: [1, 1] });
  const X = zeros([n_0, m]);
  expect(shapesOf(network.forward(X))).toEqual({ Z1: [n_1, m], A1: [n_1, m], Z2: [1, m], A2: [1, m] });
  const { cost: _, ...gradient } = network.gradient(X, zeros([1, m]));
  expect(shapesOf(gradient)).toEqual({ dW1: [n_1, n_0], db1: [n_1, 1], dW2: [1, n_1], db2: [1, 1] });
});

test("samples are columns: a matrix with samples in rows is refused, its transpose is a view and is taken", () => {
  const rows = array([
    [5, 2],
    [1, 7],
    [4, 3],
  ]);
  const Y = array([[1, 0, 1]]);
  const model = new LogisticRegression({ epochs: 1 });
  expect(() => model.fit(rows, Y)).toThrow(/expected samples as columns/);
  expect([rows.T.shape, rows.T.pointer]).toEqual([[2, 3], rows.pointer]);
  model.fit(rows.T, Y);
  expect(model.w.shape).toEqual([2, 1]);
});
