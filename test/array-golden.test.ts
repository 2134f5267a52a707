/** What NumPy makes of the same slices, ranges, grids, joins, choices and tolerances: test/golden/arrays.py. */
import { describe, expect, test } from "vitest";
import {
  allClose,
  arange,
  array,
  concatenate,
  linspace,
  meshgrid,
  type NDArray,
  type NestedNumbers,
  type Slice,
  where,
} from "../src/index.ts";
import { golden } from "./fixtures.ts";

type Nested = number | string | Nested[];

const numpy = golden<{
  slices: [parts: Slice[], shape: number[], values: NestedNumbers][];
  linspaces: [[start: number, stop: number, count: number, endpoint: boolean], values: number[]][];
  aranges: [[start: number, stop: number, step: number], values: number[]][];
  meshgrid: [NestedNumbers, NestedNumbers];
  joins: [axis: number, arrays: NestedNumbers[], values: NestedNumbers][];
  wheres: [condition: Nested, a: Nested, b: Nested, values: Nested][];
  close: [a: Nested, b: Nested, rtol: number, atol: number, equalNaN: boolean, close: boolean][];
}>("arrays");

const dtype = "f64";
const numbers = (x: Nested): NestedNumbers => (Array.isArray(x) ? x.map(numbers) : Number(x));
const of = (x: Nested): NDArray => array(numbers(x), { dtype });
const cube = arange(0, 60, 1, { dtype }).reshape(3, 4, 5);

test.each(numpy.slices)("the slice %j of (3, 4, 5) is NumPy's", (parts, shape, values) => {
  const view = cube.slice(...parts);
  expect([view.shape, view.toArray(), view.storage === cube.storage]).toEqual([shape, values, true]);
});

test.each(numpy.linspaces)("linspace of %j is NumPy's", ([start, stop, count, endpoint], values) => {
  const got = linspace(start, stop, count, { dtype, endpoint });
  expect(got.shape).toEqual([count]);
  const ends = values.length > 0 && endpoint ? [got.item(0), got.item(-1)] : [];
  expect(ends).toEqual(ends.length > 0 ? [values[0], values.at(-1)] : []);
  values.forEach((value, i) => {
    expect(Math.abs(got.item(i) - value)).toBeLessThanOrEqual(2 ** -51 * Math.max(Math.abs(start), Math.abs(stop)));
  });
});

test.each(numpy.aranges)("arange of %j is NumPy's", ([start, stop, step], values) => {
  const got = arange(start, stop, step, { dtype });
  expect(got.shape).toEqual([values.length]);
  values.forEach((value, i) => {
    expect(Math.abs(got.item(i) - value)).toBeLessThanOrEqual(2 ** -51 * Math.abs(stop - start));
  });
});

test("meshgrid is NumPy's, whether x and y are vectors, rows or columns", () => {
  const [x, y] = [of([1, 2, 3]), of([10, 20])];
  for (const [p, q] of [
    [x, y],
    [x.reshape(3, 1), y.reshape(1, 2)],
  ] as const) {
    expect(meshgrid(p, q).map((grid) => grid.toArray())).toEqual(numpy.meshgrid);
  }
});

test.each(numpy.joins)("concatenate along axis %d is NumPy's", (axis, arrays, values) => {
  const parts = arrays.map(of);
  expect(concatenate(parts, { axis }).toArray()).toEqual(values);
});

test.each(numpy.wheres)("where of %j is NumPy's", (condition, a, b, values) => {
  expect(where(of(condition), of(a), of(b)).toArray()).toEqual(numbers(values));
});

describe("allClose", () => {
  test("of every two of ordinary and special numbers is NumPy's", () => {
    expect(numpy.close.length).toBeGreaterThan(900);
    for (const [a, b, rtol, atol, equalNaN, expected] of numpy.close) {
      expect(
        allClose(of(a), Number(b), { rtol, atol, equalNaN }),
        `${a}, ${b}, ${rtol}, ${atol}, ${equalNaN}`,
      ).toBe(expected);
    }
  });
});
