import { describe, expect, test } from "vitest";
import { array, type NDArray, type NestedNumbers, zeros } from "../src/index.ts";
import { expectRejected } from "./usage.ts";

const grid = (): NDArray<"f32"> =>
  array([
    [0, 1, 2, 3],
    [10, 11, 12, 13],
    [20, 21, 22, 23],
  ]);
const cube = (): NDArray<"f32"> =>
  array(
    Float32Array.from({ length: 24 }, (_, i) => i),
    { shape: [2, 3, 4] },
  );

describe("T", () => {
  test.each([
    [[], []],
    [[3], [3]],
    [
      [2, 3],
      [3, 2],
    ],
    [
      [2, 3, 4],
      [4, 3, 2],
    ],
    [
      [2, 0, 1, 4],
      [4, 1, 0, 2],
    ],
  ])("turns %j into %j and back", (shape, reversed) => {
    const a = zeros(shape);
    expect([a.T.shape, a.T.T.shape, a.T.T.strides]).toEqual([reversed, shape, a.strides]);
  });

  test("swaps the indices of every element", () => {
    const a = cube();
    expect(a.T.item(3, 1, 0)).toBe(a.item(0, 1, 3));
    expect(grid().T.toArray()).toEqual([
      [0, 10, 20],
      [1, 11, 21],
      [2, 12, 22],
      [3, 13, 23],
    ]);
  });
});

describe("reshape", () => {
  const twelve = [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23];

  test.each<[number[], number[]]>([
    [[12], [12]],
    [
      [4, 3],
      [4, 3],
    ],
    [
      [-1, 6],
      [2, 6],
    ],
    [
      [2, -1, 2],
      [2, 3, 2],
    ],
    [
      [1, 12, 1],
      [1, 12, 1],
    ],
    [[-1], [12]],
    [
      [12, -1],
      [12, 1],
    ],
  ])("of (3, 4) to %j shows the same elements in row-major order", (wanted, shape) => {
    const a = grid();
    for (const view of [a.reshape(...wanted), a.reshape(wanted)]) {
      expect([view.shape, view.storage === a.storage, [view.toArray()].flat(4)]).toEqual([shape, true, twelve]);
    }
  });

  test.each<[number[], number[], number[]]>([
    [[], [1, 1], [1, 1]],
    [[1, 1], [], []],
    [
      [0, 3],
      [3, 0],
      [3, 0],
    ],
    [
      [0, 3],
      [-1, 3],
      [0, 3],
    ],
    [[0], [2, 0, 5], [2, 0, 5]],
  ])("turns %j into %j", (from, wanted, shape) => {
    expect(zeros(from).reshape(wanted).shape).toEqual(shape);
  });

  test.each<[string, (a: NDArray) => NDArray, number[], NestedNumbers]>([
    [
      "columns to more axes",
      (a) => a.columns(1, 3),
      [3, 2, 1],
      [
        [[1], [2]],
        [[11], [12]],
        [[21], [22]],
      ],
    ],
    ["one column to a row", (a) => a.columns(2, 3), [1, 3], [[2, 12, 22]]],
    ["one column to a vector", (a) => a.columns(2, 3), [-1], [2, 12, 22]],
    ["rows to a vector", (a) => a.rows(1, 3), [8], [10, 11, 12, 13, 20, 21, 22, 23]],
    [
      "a transpose, each axis divided",
      (a) => a.T,
      [2, 2, 3],
      [
        [
          [0, 10, 20],
          [1, 11, 21],
        ],
        [
          [2, 12, 22],
          [3, 13, 23],
        ],
      ],
    ],
    ["a transpose with ones", (a) => a.T, [4, 1, 3, 1], a4131()],
  ])("makes a view of %s", (_, view, shape, expected) => {
    const a = grid();
    const reshaped = view(a).reshape(shape);
    expect([reshaped.storage === a.storage, reshaped.toArray()]).toEqual([true, expected]);
  });

  test.each<[string, (a: NDArray) => NDArray, number[]]>([
    ["a transpose in one run", (a) => a.T, [12]],
    ["columns in one run", (a) => a.columns(0, 2), [6]],
    ["columns divided across rows", (a) => a.columns(1, 4), [9]],
    ["a transpose divided otherwise", (a) => a.T, [3, 4]],
    ["columns in other groups", (a) => a.columns(0, 2), [2, 3]],
  ])("refuses a view of %s, which copy() makes possible", (_, view, shape) => {
    const seen = view(grid());
    expectRejected(
      () => seen.reshape(shape),
      (error) => expect(String(error)).toContain("is a view whose order in memory does not allow"),
    );
    expect([seen.copy().reshape(shape).toArray()].flat(4)).toEqual([seen.toArray()].flat(4));
  });

  test("refuses an open extent beside 0, which could be anything", () => {
    expect(() => zeros(0).reshape(-1, 0)).toThrow("shape is (-1, 0) and the array is (0); expected 0 elements.");
  });
});

describe("columns and rows", () => {
  test.each<[string, (a: NDArray) => NDArray, NestedNumbers]>([
    [
      "columns(1, 3)",
      (a) => a.columns(1, 3),
      [
        [1, 2],
        [11, 12],
        [21, 22],
      ],
    ],
    [
      "columns(2)",
      (a) => a.columns(2),
      [
        [2, 3],
        [12, 13],
        [22, 23],
      ],
    ],
    ["columns(4)", (a) => a.columns(4), [[], [], []]],
    ["rows(1, 2)", (a) => a.rows(1, 2), [[10, 11, 12, 13]]],
    ["rows(2)", (a) => a.rows(2), [[20, 21, 22, 23]]],
    ["rows(1, 1)", (a) => a.rows(1, 1), []],
    ["rows of columns", (a) => a.columns(1, 4).rows(1, 3).columns(1, 2), [[12], [22]]],
    [
      "rows of the transpose",
      (a) => a.T.rows(1, 3).columns(0, 2),
      [
        [1, 11],
        [2, 12],
      ],
    ],
  ])("%s shows those elements", (_, view, expected) => {
    const a = grid();
    expect([view(a).toArray(), view(a).storage === a.storage]).toEqual([expected, true]);
  });

  test.each<unknown[][]>([[[-1, 2]], [[2, 1]], [[0, 5]], [[0.5, 2]], [[0, NaN]], [["0", 2]], [[undefined]], [[5]]])(
    "%j are no columns of (3, 4)",
    (range) => {
      expect(() => grid().columns(...(range as [number, number]))).toThrow(
        /^NDArray\.columns: start and stop are /,
      );
    },
  );
});

describe("views", () => {
  test("show what is written through any of them", () => {
    const a = grid();
    const views = [a.T, a.reshape(2, 6), a.rows(1, 2), a.columns(1, 3)];
    a.data[5] = 99;
    expect(views.map((view) => [view.toArray()].flat(2).includes(99))).toEqual([true, true, true, true]);
    a.rows(1, 2).data[1] = 77;
    expect([a.item(1, 1), a.T.item(1, 1), a.reshape(12).item(5)]).toEqual([77, 77, 77]);
  });

  test("keep their own shape when someone changes an array they were made from", () => {
    const shape = [2, 3];
    const a = zeros(shape);
    shape[0] = 50;
    expect([a.shape, a.copy().shape]).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });
});

function a4131(): NestedNumbers {
  return [0, 1, 2, 3].map((column) => [[0, 10, 20].map((row) => [row + column])]);
}
