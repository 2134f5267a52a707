/** where, concatenate, power's square and allClose beyond what NumPy's fixtures show. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allClose,
  arange,
  array,
  concatenate,
  equal,
  linspace,
  meshgrid,
  type NDArray,
  notEqual,
  ones,
  power,
  scope,
  square,
  where,
  zeros,
} from "../src/index.ts";
import { dtypes, expectSame } from "./compare.ts";
import { where as choice } from "./oracle.ts";
import { at, count, layouts, type Plain, place, placed, plainOf, read, shapes, written } from "./plain.ts";
import { expectRejected } from "./usage.ts";

/** A shape with axes left out on the left and others narrowed to 1. */
function narrowed(shape: number[]): fc.Arbitrary<number[]> {
  return fc
    .tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([left, narrow]) => shape.map((extent, axis) => (narrow[axis] ? 1 : extent)).slice(left));
}

function repeated(plain: Plain, index: number[]): number {
  const own = index.slice(index.length - plain.shape.length);
  return at(
    plain,
    own.map((i, axis) => (plain.shape[axis] === 1 ? 0 : i)),
  );
}

describe.each(dtypes)("in %s", (dtype) => {
  const flags = fc.constantFrom(0, 1, -0, NaN, 0, 2);
  const operands = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      c: narrowed(shape).chain((own) => placed(own, dtype, flags)),
      a: narrowed(shape).chain((own) => placed(own, dtype)),
      b: placed(shape, dtype),
      out: layouts(shape.length),
      over: fc.constantFrom("new", "out", "b"),
    }),
  );

  test("where of any three shapes that broadcast, in any layout, new, into out and over b, is that of a loop", () => {
    fc.assert(
      fc.property(operands, ({ shape, c, a, b, out: layout, over }) =>
        scope(() => {
          const [p, q, r] = [c, a, b].map((x) => place(x.plain, dtype, x.layout)) as [NDArray, NDArray, NDArray];
          const blank = place(
            plainOf(shape, () => NaN),
            dtype,
            layout,
          );
          const out = { new: undefined, out: blank, b: r }[over as "new" | "out" | "b"];
          const result = where(p, q, r, out ? { out } : {});
          const want = plainOf(shape, (index) =>
            choice(repeated(c.plain, index), repeated(a.plain, index), at(b.plain, index)),
          );
          expect(result.shape).toEqual(shape);
          expectSame(read(result).values, want.values, over);
          if (out) expect([result === out, written(out)]).toEqual([true, count(shape)]);
        }),
      ),
      { numRuns: 150, seed: 1 },
    );
  });

  test("where takes numbers for either choice or both", () => {
    const c = array([1, 0, NaN], { dtype });
    expect(where(c, 5, -5).toArray()).toEqual([5, -5, 5]);
    expect(where(c, c, 9).toArray()).toEqual([1, 9, NaN]);
    expect(where(c, 0.5, c).toArray()).toEqual([0.5, 0, 0.5]);
  });

  test("concatenate of parts of any array along any axis gives the array, also into out", () => {
    const cut = shapes
      .filter((shape) => shape.length > 0)
      .chain((shape) =>
        fc.record({
          a: placed(shape, dtype),
          out: layouts(shape.length),
          axis: fc.integer({ min: -shape.length, max: shape.length - 1 }),
          first: fc.nat(5),
          second: fc.nat(5),
        }),
      );
    fc.assert(
      fc.property(cut, ({ a: { plain, layout }, out: blank, axis, first, second }) =>
        scope(() => {
          const a = place(plain, dtype, layout);
          const own = axis < 0 ? axis + plain.shape.length : axis;
          const part = (from: number, to: number | null): NDArray =>
            a.slice(...plain.shape.map((_, i) => (i === own ? [from, to] : [])));
          const [i, j] = [Math.min(first, second), Math.max(first, second)];
          const parts = [part(0, i), part(i, j), part(j, null)];
          const joined = concatenate(parts, { axis });
          expect([joined.dtype, joined.contiguous, joined.shape]).toEqual([dtype, true, plain.shape]);
          expectSame(read(joined).values, plain.values, "new");
          const out = place(
            plainOf(plain.shape, () => NaN),
            dtype,
            blank,
          );
          expect(concatenate(parts, { axis, out })).toBe(out);
          expectSame(read(out).values, plain.values, "out");
          expect(written(out)).toBe(count(plain.shape));
        }),
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  test("power with the number 2 and square are products, rounded once", () => {
    const a = array([0.1, -3, 1e-30, NaN, -Infinity, -0], { dtype });
    const want = [...a.data].map((x) => (dtype === "f32" ? Math.fround(x * x) : x * x));
    expectSame(power(a, 2).data, want, "power");
    expectSame(square(a).data, want, "square");
    expect(power(2, array([0, 1, 10], { dtype })).toArray()).toEqual([1, 2, 1024]);
  });

  test("comparisons may write over an operand, notEqual in two steps", () => {
    const a = array([1, NaN, 3], { dtype });
    expect(notEqual(a, array([1, NaN, 4], { dtype }), { out: a })).toBe(a);
    expect(a.toArray()).toEqual([0, 1, 1]);
    expect(equal(1, a, { out: a }).toArray()).toEqual([0, 1, 1]);
  });

  test("allClose broadcasts views of any rank and finds the one element that differs", () => {
    const a = arange(24, undefined, 1, { dtype }).reshape(2, 3, 4);
    const b = a.T.copy().T;
    expect(allClose(a, b)).toBe(true);
    for (const [i, j, k] of [
      [0, 0, 0],
      [1, 2, 3],
      [0, 2, 1],
    ] as const) {
      const value = b.item(i, j, k);
      b.set(value + 0.01, i, j, k);
      expect(allClose(a, b)).toBe(false);
      b.set(value, i, j, k);
    }
    expect(allClose(ones([3, 1], { dtype }), ones([1, 4], { dtype }))).toBe(true);
    expect(allClose(1, zeros([0, 3], { dtype }))).toBe(true);
    expect(allClose(ones(2, { dtype }), 1 + 9e-6)).toBe(true);
    expect(allClose(ones(2, { dtype }), 1 + 2e-5)).toBe(false);
  });

  test("ranges and grids have the dtype, and f32 rounds each number once", () => {
    const [X, Y] = meshgrid(arange(3, undefined, 1, { dtype }), linspace(0, 1, 2, { dtype }));
    expect([X.dtype, Y.dtype, X.shape, Y.shape]).toEqual([dtype, dtype, [2, 3], [2, 3]]);
    const tenths = arange(0, 1, 0.1, { dtype });
    expect(tenths.item(3)).toBe(dtype === "f32" ? Math.fround(3 * 0.1) : 3 * 0.1);
    expect(meshgrid(zeros(0, { dtype }), zeros(2, { dtype })).map((grid) => grid.shape)).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });
});

test("where and concatenate reject out that overlaps what is still to be read, before anything is written", () => {
  const a = arange(9).reshape(3, 3);
  const [c, row] = [ones([3, 3]), ones([1, 3])];
  const before = a.toArray();
  for (const act of [
    () => where(a, 1, 2, { out: a.T }),
    () => where(c, a.T, 2, { out: a }),
    () => where(c, 1, a.slice([null, null, -1]), { out: a }),
    () => where(a.slice(0), 1, c, { out: a }),
    () => concatenate([row, a.rows(0, 2)], { out: a }),
  ]) {
    expectRejected(act, (error) => expect(String(error)).toContain("out overlaps an input"));
    expect(a.toArray()).toEqual(before);
  }
});

test("freed operands are found before memory is taken", () => {
  const [a, b] = [ones(3), ones(3)];
  b.free();
  for (const act of [
    () => where(b, a, a),
    () => where(a, a, b),
    () => concatenate([a, b]),
    () => equal(a, b),
    () => power(b, a),
    () => allClose(a, b),
    () => meshgrid(a, b),
    () => b.slice(0),
    () => b.set(1, 0),
  ]) {
    expectRejected(act, (error) => expect(String(error)).toContain("the array (3) was freed"));
  }
});
