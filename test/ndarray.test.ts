import { describe, expect, test } from "vitest";
import { add, array, info, NDArray, type NestedNumbers, sum, zeros } from "../src/index.ts";

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

describe("an array", () => {
  test.each<[NestedNumbers, number[], number[]]>([
    [5, [], []],
    [[1, 2, 3], [3], [1]],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
      [3, 1],
    ],
    [
      [
        [[1], [2]],
        [[3], [4]],
        [[5], [6]],
      ],
      [3, 2, 1],
      [2, 1, 1],
    ],
    [[[[[1, 2]], [[3, 4]]]], [1, 2, 1, 2], [4, 2, 2, 1]],
    [[], [0], [1]],
    [
      [[], []],
      [2, 0],
      [0, 1],
    ],
  ])("of %j has its shape, strides and size, and comes back as it went in", (nested, shape, strides) => {
    for (const dtype of ["f32", "f64"] as const) {
      const a = array(nested, { dtype });
      expect([a.shape, a.strides, a.ndim, a.dtype]).toEqual([shape, strides, shape.length, dtype]);
      expect([a.size, a.contiguous, a.toArray()]).toEqual([[nested].flat(4).length, true, nested]);
    }
  });

  test("is an NDArray", () => {
    expect(zeros([])).toBeInstanceOf(NDArray);
  });

  test("starts at a multiple of 16 bytes", () => {
    expect([1, 3, 5, 7].map((n) => zeros(n).pointer % 16)).toEqual([0, 0, 0, 0]);
  });
});

describe("assertShape", () => {
  test("returns the array itself where the shape is right, given as numbers or as a list", () => {
    const a = grid();
    expect([a.assertShape(3, 4) === a, a.assertShape([3, 4]) === a, zeros([]).assertShape().ndim]).toEqual([
      true,
      true,
      0,
    ]);
  });

  test.each([[[4, 3]], [[3]], [[3, 4, 1]], [[]]])("rejects %j for (3, 4)", (shape) => {
    expect(() => grid().assertShape(shape)).toThrow(RangeError);
  });
});

describe("item", () => {
  test("finds elements of every rank, and the only one without indices", () => {
    expect([array(7).item(), array([[7]]).item(), array([[7]]).item(0, 0), cube().item(1, 2, 3)]).toEqual([
      7, 7, 7, 23,
    ]);
    expect(grid().columns(1, 3).T.item(1, 2)).toBe(22);
    expect([grid().item(-1, -4), grid().item(-3, 3)]).toEqual([20, 3]);
  });

  test.each<unknown[][]>([
    [[-4, 0]],
    [[3, 0]],
    [[0, 4]],
    [[0, -5]],
    [[1.5, 0]],
    [[0, NaN]],
    [["0", 0]],
    [[0]],
    [[0, 0, 0]],
    [[]],
  ])("has nothing at %j of (3, 4)", (indices) => {
    expect(() => grid().item(...(indices as number[]))).toThrow(/^NDArray\.item: /);
  });
});

describe("data", () => {
  test("is a window on memory as long as the array, also of a view that starts later", () => {
    const a = grid();
    expect([...a.rows(1, 3).data]).toEqual([10, 11, 12, 13, 20, 21, 22, 23]);
    expect(a.data).toBeInstanceOf(Float32Array);
    expect(a.astype("f64").data).toBeInstanceOf(Float64Array);
    expect([zeros([0, 4]).data.length, zeros([]).data.length]).toEqual([0, 1]);
  });

  test.each<[string, (a: NDArray) => NDArray]>([
    ["one row", (a) => a.rows(1, 2).columns(1, 3)],
    ["one column of a single row", (a) => a.rows(0, 1).columns(2, 3).T],
    ["the transpose of a row", (a) => a.rows(0, 1).T],
    ["no columns", (a) => a.columns(2, 2)],
  ])("exists for a view of %s, which is contiguous", (_, view) => {
    expect(view(grid()).data.length).toBe(view(grid()).size);
  });
});

describe("copy and astype", () => {
  const layouts: [string, (a: NDArray) => NDArray][] = [
    ["an array", (a) => a],
    ["a transpose", (a) => a.T],
    ["columns", (a) => a.columns(1, 3)],
    ["rows of a transpose", (a) => a.T.rows(1, 3)],
    ["nothing", (a) => a.columns(1, 1)],
  ];

  test.each(layouts)("of %s have its elements, contiguous, in memory of their own", (_, view) => {
    const seen = view(grid());
    for (const copy of [seen.copy(), seen.astype("f32"), seen.astype("f64"), seen.astype("f64").astype("f32")]) {
      expect([copy.shape, copy.toArray(), copy.contiguous]).toEqual([seen.shape, seen.toArray(), true]);
      expect(copy.storage).not.toBe(seen.storage);
    }
  });

  test("of an array of rank 3 and its transpose have its elements", () => {
    expect(cube().T.copy().T.toArray()).toEqual(cube().toArray());
    expect(cube().T.astype("f64").T.toArray()).toEqual(cube().toArray());
  });

  test("round to nearest, and leave no intermediate copy", () => {
    const a = array(
      [
        [0.1, 1e40],
        [-1e-50, NaN],
      ],
      { dtype: "f64" },
    );
    const { arrays } = info().memory;
    expect(a.T.astype("f32").toArray()).toEqual([
      [Math.fround(0.1), -0],
      [Infinity, NaN],
    ]);
    expect(info().memory.arrays).toBe(arrays + 1);
  });
});

describe("growth of the memory", () => {
  test("detaches data read before it, and nothing else", () => {
    const a = grid();
    const view = a.T;
    const old = a.data;
    const { total } = info().memory;
    const large = zeros([total / 4 + 1]);
    expect(info().memory.total).toBeGreaterThan(total);
    expect(old.length).toBe(0);
    expect([a.data.length, a.item(2, 1), view.item(1, 2), sum(a), sum(large)]).toEqual([12, 21, 21, 138, 0]);
    expect(add(view, view).T.toArray()).toEqual([
      [0, 2, 4, 6],
      [20, 22, 24, 26],
      [40, 42, 44, 46],
    ]);
    large.free();
  });

  test("in the middle of an operation changes nothing in its result", () => {
    const n = 64;
    const a = zeros([n, n]);
    a.data.set(a.data.map((_, i) => i));
    const results: NDArray[] = [];
    const { total } = info().memory;
    while (info().memory.total === total) results.push(add(a.T, 1));
    expect(results.at(-1)!.T.toArray()).toEqual(add(a, 1).toArray());
    expect([...results.at(0)!.T.copy().data]).toEqual([...add(a, 1).data]);
  });
});
