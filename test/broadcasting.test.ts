/** NumPy's rules: shapes are compared from right to left, and missing axes count as 1. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, zeros } from "../src/index.ts";
import { broadcastShapes } from "../src/strided.ts";
import { shapes } from "./plain.ts";
import { expectRejected } from "./usage.ts";

describe("broadcasting", () => {
  test.each<[number[], number[], number[]]>([
    [[], [], []],
    [[], [2, 3], [2, 3]],
    [[1], [3], [3]],
    [[3, 1], [4], [3, 4]],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[5, 4], [4], [5, 4]],
    [
      [15, 3, 5],
      [15, 1, 5],
      [15, 3, 5],
    ],
    [
      [15, 3, 5],
      [3, 1],
      [15, 3, 5],
    ],
    [
      [8, 1, 6, 1],
      [7, 1, 5],
      [8, 7, 6, 5],
    ],
    [[0], [1], [0]],
    [[2, 0], [1], [2, 0]],
    [[1, 1], [0], [1, 0]],
    [[0, 1], [3], [0, 3]],
  ])("of %j and %j gives %j, either way round, as NumPy's does", (a, b, shape) => {
    expect(broadcastShapes("test", a, b)).toEqual(shape);
    expect(broadcastShapes("test", b, a)).toEqual(shape);
    expect(add(zeros(a), zeros(b)).shape).toEqual(shape);
  });

  test.each<[number[], number[]]>([
    [[3], [4]],
    [[2, 3], [2]],
    [
      [2, 1],
      [8, 4, 3],
    ],
    [[0], [2]],
    [
      [3, 0],
      [3, 2],
    ],
    [
      [2, 3],
      [3, 2],
    ],
    [
      [4, 2, 3],
      [3, 1],
    ],
  ])("of %j and %j is an error", (a, b) => {
    const [x, y] = [zeros(a), zeros(b)];
    for (const act of [() => add(x, y), () => add(y, x)]) {
      expectRejected(act, (error) => expect(String(error)).toContain("expected extents that are equal or 1"));
    }
  });

  test("is an error for every pair of shapes in which two extents differ and neither is 1", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        if (compatible(a, b)) expect(() => broadcastShapes("test", a, b)).not.toThrow();
        else expect(() => broadcastShapes("test", a, b)).toThrow(RangeError);
      }),
      { numRuns: 300 },
    );
  });
});

/** NumPy's rule, said once more. */
function compatible(a: number[], b: number[]): boolean {
  const [x, y] = [[...a].reverse(), [...b].reverse()];
  return x.every((extent, i) => y[i] === undefined || extent === 1 || y[i] === 1 || extent === y[i]);
}
