/** Sums, means and extremes of arrays of any rank in any layout, against loops over plain numbers. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argmax, array, div, max, mean, min, mul, NDArray, ones, scope, sum, zeros } from "../src/index.ts";
import { dtypes, epsilon, expectWithin, rounded } from "./compare.ts";
import * as oracle from "./oracle.ts";
import { at, dense, indices, type Plain, place, placed, plainOf, read, shapes } from "./plain.ts";
import { expectRejected } from "./usage.ts";

type Reduce = (a: NDArray, options?: { axis?: number; keepDims?: boolean }) => NDArray | number;

const reductions = [
  ["sum", sum as Reduce, oracle.reductions.sum!],
  ["mean", mean as Reduce, oracle.reductions.mean!],
  ["max", max as Reduce, oracle.reductions.max!],
  ["min", min as Reduce, oracle.reductions.min!],
  ["argmax", argmax as Reduce, oracle.reductions.argmax!],
] as const;

/** The elements along an axis, for each place along the others. */
function lanes(plain: Plain, axis: number): { shape: number[]; values: number[][] } {
  const shape = plain.shape.filter((_, i) => i !== axis);
  const values = Array.from(indices(shape), (index) =>
    Array.from({ length: plain.shape[axis]! }, (_, i) =>
      at(plain, [...index.slice(0, axis), i, ...index.slice(axis)]),
    ),
  );
  return { shape, values };
}

const runs = { numRuns: 80 };

describe.each(dtypes)("in %s", (dtype) => {
  const few = fc.constantFrom(0, -0, 1, -2.5, 3.25, 100, NaN, Infinity);
  const element = fc
    .oneof(
      { weight: 3, arbitrary: fc.integer({ min: -700, max: 700 }).map((i) => i / 7) },
      { weight: 1, arbitrary: few },
    )
    .map((x) => rounded(dtype, x));
  const filled = shapes.filter((shape) => !shape.includes(0));

  describe.each(reductions)("%s", (name, reduce, { of, bound }) => {
    const own = name === "argmax" ? "f64" : dtype;
    /** The bound of the sum; the result is rounded to its dtype besides. */
    const allowed = (x: number[]): number => bound(dtype, x) + Math.abs(of(x)) * epsilon[own];

    test("over any axis of any layout is that of a loop, and keepDims keeps it with extent 1", () => {
      const any = filled
        .filter((shape) => shape.length > 0)
        .chain((shape) => fc.tuple(placed(shape, dtype, element), fc.nat({ max: shape.length - 1 })));
      fc.assert(
        fc.property(any, ([{ plain, layout }, axis]) =>
          scope(() => {
            const a = place(plain, dtype, layout);
            const { shape, values } = lanes(plain, axis);
            const result = reduce(a, { axis }) as NDArray;
            expect([result.shape, result.dtype, result.contiguous]).toEqual([shape, own, true]);
            expectWithin(read(result).values, values.map(of), values.map(allowed), name);
            const kept = reduce(a, { axis: axis - plain.shape.length, keepDims: true }) as NDArray;
            expect(kept.shape).toEqual(plain.shape.map((extent, i) => (i === axis ? 1 : extent)));
            expect(read(kept).values).toEqual(read(result).values);
          }),
        ),
        runs,
      );
    });

    test("over everything in any layout is that of a loop, a number unless keepDims is set", () => {
      fc.assert(
        fc.property(
          filled.chain((shape) => placed(shape, dtype, element)),
          ({ plain, layout }) =>
            scope(() => {
              const a = place(plain, dtype, layout);
              const result = reduce(a) as number;
              expectWithin([result], [of(plain.values)], [allowed(plain.values)], name);
              const kept = reduce(a, { keepDims: true }) as NDArray;
              expect([kept.shape, kept.dtype]).toEqual([plain.shape.map(() => 1), own]);
              expect(kept.item()).toBe(result);
              expect(reduce(a, { keepDims: false })).toBe(result);
            }),
        ),
        runs,
      );
    });

    test("of an empty array is what mathematics says, or an error where there is nothing to choose", () => {
      const empty = zeros([2, 0, 3], { dtype });
      for (const [axis, shape] of [
        [0, [0, 3]],
        [2, [2, 0]],
      ] as const) {
        expect((reduce(empty, { axis }) as NDArray).shape).toEqual(shape);
      }
      if (name === "sum" || name === "mean") {
        const value = name === "sum" ? 0 : NaN;
        expect([reduce(empty), (reduce(empty, { keepDims: true }) as NDArray).item()]).toEqual([value, value]);
        expect(read(reduce(empty, { axis: 1 }) as NDArray)).toEqual(plainOf([2, 3], () => value));
      } else {
        for (const options of [{}, { axis: 1 }, { keepDims: true }, { axis: -2, keepDims: true }]) {
          expectRejected(
            () => reduce(empty, options),
            (error) => expect(String(error)).toContain(`${name}: a is (2, 0, 3); expected at least one element`),
          );
        }
      }
    });
  });
});

describe("order", () => {
  const grid = array([
    [3, 9],
    [9, 1],
    [9, 2],
  ]);

  test.each<[string, number | NDArray, unknown]>([
    ["of all elements in row-major order", argmax(grid), 1],
    ["of a transpose in its own order, not memory's", argmax(grid.T), 1],
    ["of columns", argmax(grid.columns(0, 1)), 1],
    ["along rows", argmax(grid, { axis: 1 }), [1, 0, 0]],
    ["along columns", argmax(grid, { axis: 0 }), [1, 0]],
    ["along rows of a transpose", argmax(grid.T, { axis: 1 }), [1, 0]],
    ["of the first NaN", argmax(array([1, NaN, 5, NaN])), 1],
  ])("argmax gives the first position %s", (_, found, expected) => {
    expect(found instanceof NDArray ? found.toArray() : found).toEqual(expected);
  });

  test("does not matter to a sum: a transpose has the same, to the bit", () => {
    const a = place(
      plainOf([37, 53], ([i, j]) => Math.fround(1 / (1 + i! + 3 * j!))),
      "f32",
      dense(2),
    );
    expect([sum(a.T), mean(a.T), max(a.T)]).toEqual([sum(a), mean(a), max(a)]);
  });
});

test("the sum of a million f32 numbers is right to 1e-5, where a single f32 would have lost a hundredth", () => {
  const n = 1_000_000;
  const a = mul(ones(n), 0.1);
  expect(Math.abs(sum(a) / (n * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
  a.free();
});

test("an extreme of numbers among which one is NaN is NaN", () => {
  const a = array([
    [1, NaN],
    [3, 4],
  ]);
  expect([max(a), min(a), sum(a), mean(a)]).toEqual([NaN, NaN, NaN, NaN]);
  expect(max(a, { axis: 0 }).toArray()).toEqual([3, NaN]);
});

test("an array without axes reduces to its element, and has no axis to reduce over", () => {
  const a = array(5);
  expect([sum(a), mean(a), max(a), min(a), argmax(a)]).toEqual([5, 5, 5, 5, 0]);
  expect(sum(a, { keepDims: true }).shape).toEqual([]);
  expect(() => sum(a, { axis: 0 })).toThrow(RangeError);
});

test("the course's calories: each food's share from carbohydrates, proteins and fat", () => {
  const file = new URL("golden/calories.json", import.meta.url);
  const golden: Record<"A" | "total" | "percentage", number[][]> = JSON.parse(readFileSync(file, "utf8"));
  for (const dtype of dtypes) {
    const A = array(golden.A, { dtype });
    const total = sum(A, { axis: 0, keepDims: true }).assertShape(1, 4);
    const share = div(mul(100, A), total).assertShape(3, 4);
    for (const [found, expected] of [
      [total, golden.total],
      [share, golden.percentage],
    ] as const) {
      const numbers = expected.flat();
      expectWithin(
        read(found).values,
        numbers,
        numbers.map((x) => 4 * epsilon[dtype] * x),
        `calories in ${dtype}`,
      );
    }
    // reshape(1, 4), as in the course, changes nothing.
    expect(div(mul(100, A), total.reshape(1, 4)).toArray()).toEqual(share.toArray());
  }
});
