/** Shapes and strides, without any arithmetic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as strided from "../src/strided.ts";
import { count, dense, indices, layouts, place, plainOf, shapes, written } from "./plain.ts";

/** The positions that a walk over matrices visits, for each array in order. */
function visited(arrays: strided.Strided[]): { calls: number; positions: number[][] } {
  const positions: number[][] = arrays.map(() => []);
  let calls = 0;
  strided.forEachMatrix(arrays, (rows, cols, matrices) => {
    calls++;
    matrices.forEach(({ pointer, rs, cs }, k) => {
      const start = pointer / strided.itemSize(arrays[k]!.dtype);
      for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) positions[k]!.push(start + i * rs + j * cs);
    });
  });
  return { calls, positions };
}

/** Positions of the elements in row-major order. */
function positionsOf({ pointer, dtype, shape, strides }: strided.Strided): number[] {
  const start = pointer / strided.itemSize(dtype);
  return Array.from(indices(shape), (index) => index.reduce((sum, i, axis) => sum + i * strides[axis]!, start));
}

/** Views of one shape in any layouts, some of them with strides of 0. */
const views = shapes.chain((shape) =>
  fc
    .array(fc.tuple(layouts(shape.length), fc.constantFrom("f32" as const, "f64" as const), fc.nat({ max: 4 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((given) =>
      given.map(([layout, dtype, repeated]): strided.Strided => {
        const extents = layout.order.map((axis) => shape[axis]! + layout.margins[axis]![0]);
        const strides = shape.map(() => 0);
        let step = 1;
        for (let k = extents.length - 1; k >= 0; k--) {
          strides[layout.order[k]!] = layout.order[k] === repeated ? 0 : step;
          step *= extents[k]!;
        }
        return { pointer: 800, dtype, shape, strides };
      }),
    ),
);

describe("forEachMatrix", () => {
  test("visits every element of every array once, in step", () => {
    fc.assert(
      fc.property(views, (arrays) => {
        const { positions } = visited(arrays);
        const expected = arrays.map(positionsOf);
        const together = (lists: number[][]): string[] =>
          (lists[0] ?? []).map((_, i) => lists.map((list) => list[i]).join()).sort();
        expect(together(positions)).toEqual(together(expected));
        // Elements come in row-major order, on which argmax and the rounding of sums depend.
        expect(positions).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, number, strided.Strided[]]>([
    ["nothing", 0, [view([2, 0], [0, 1])]],
    ["a contiguous array of any rank", 1, [view([2, 3, 4, 5], [60, 20, 5, 1])]],
    ["a transpose", 1, [view([4, 3], [1, 4])]],
    ["columns of a matrix", 1, [view([4, 3], [10, 1]), view([4, 3], [3, 1])]],
    ["axes that lie one behind the other", 1, [view([2, 3, 4], [30, 10, 1]), view([2, 3, 4], [12, 4, 1])]],
    ["axes of extent 1 between others", 1, [view([4, 1, 3, 1], [10, 99, 1, 7])]],
    ["a repeated row", 1, [view([4, 3], [0, 1]), view([4, 3], [3, 1])]],
    ["a reversed array of rank 3", 2, [view([2, 3, 4], [1, 2, 6])]],
  ])("takes as few calls as it can for %s", (_, calls, arrays) => {
    expect(visited(arrays).calls).toBe(calls);
  });
});

describe("reshapedStrides", () => {
  test("shows the same elements in the same order, or refuses where no strides could", () => {
    const reshapes = shapes.chain((shape) =>
      fc.record({ shape: fc.constant(shape), layout: layouts(shape.length), wanted: divisions(count(shape)) }),
    );
    fc.assert(
      fc.property(reshapes, ({ shape, layout, wanted }) => {
        const array = place(
          plainOf(shape, () => 0),
          "f32",
          layout,
        );
        const own = positionsOf({ pointer: 0, dtype: "f32", shape, strides: array.strides });
        const strides = strided.reshapedStrides(shape, array.strides, wanted);
        if (strides) expect(positionsOf({ pointer: 0, dtype: "f32", shape: wanted, strides })).toEqual(own);
        else expect(possible(own, wanted)).toBe(false);
        array.free();
      }),
      { numRuns: 200 },
    );
  });
});

describe("addressRange", () => {
  test.each<[strided.Strided, [number, number]]>([
    [view([], []), [800, 804]],
    [view([2, 3], [3, 1]), [800, 824]],
    [view([3, 2], [1, 3]), [800, 824]],
    [view([2, 2], [10, 1]), [800, 848]],
    [view([5, 2], [0, 1]), [800, 808]],
    [view([0, 2], [2, 1]), [800, 800]],
    [{ ...view([2], [1]), dtype: "f64" }, [800, 816]],
  ])("of %o is %j", (array, range) => {
    expect(strided.addressRange(array)).toEqual(range);
  });
});

describe("isContiguous", () => {
  test.each<[number[], number[], boolean]>([
    [[], [], true],
    [[3], [1], true],
    [[3], [2], false],
    [[1], [9], true],
    [[2, 3], [3, 1], true],
    [[2, 3], [4, 1], false],
    [[3, 2], [1, 3], false],
    [[1, 3], [7, 1], true],
    [[3, 1], [1, 7], true],
    [[2, 3], [0, 1], false],
    [[2, 0, 3], [5, 5, 5], true],
    [[0, 2], [1, 9], true],
  ])("of shape %j with strides %j is %s", (shape, strides, expected) => {
    expect(strided.isContiguous(shape, strides)).toBe(expected);
  });
});

test("the layouts of these tests place what they are given", () => {
  const plain = plainOf([2, 3], ([i, j]) => 10 * i! + j!);
  const turned = place(plain, "f32", {
    order: [1, 0],
    margins: [
      [1, 0],
      [0, 2],
    ],
  });
  expect([turned.strides, turned.toArray(), written(turned)]).toEqual([
    [1, 3],
    [
      [0, 1, 2],
      [10, 11, 12],
    ],
    6,
  ]);
  expect(place(plain, "f64", dense(2)).contiguous).toBe(true);
});

function view(shape: number[], strides: number[]): strided.Strided {
  return { pointer: 800, dtype: "f32", shape, strides };
}

/** Shapes with that many elements. */
function divisions(size: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }).map((factors) => {
    const shape: number[] = [];
    let left = size;
    for (const factor of factors) {
      const extent = left > 0 && left % factor === 0 ? factor : 1;
      shape.push(extent);
      left /= extent;
    }
    return [...shape, left];
  });
}

/** Whether positions, in row-major order, can be had with one stride an axis. */
function possible(positions: number[], shape: number[]): boolean {
  const steps = shape.map((extent, axis) => {
    const next = shape.slice(axis + 1).reduce((product, later) => product * later, 1);
    return extent > 1 ? positions[next]! - positions[0]! : 0;
  });
  const shown = Array.from(indices(shape), (index) =>
    index.reduce((sum, i, axis) => sum + i * steps[axis]!, positions[0]!),
  );
  return shown.every((position, i) => position === positions[i]);
}
