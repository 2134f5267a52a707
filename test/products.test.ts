/** matmul and dot on every kind of view, against the loops of the oracle. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, dot, matmul, type NDArray, scope, zeros } from "../src/index.ts";
import { dtypes, expectWithin, rounded } from "./compare.ts";
import * as oracle from "./oracle.ts";
import { layouts, type Placed, place, placed, plainOf, read, written } from "./plain.ts";

const extent = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

describe.each(dtypes)("in %s", (dtype) => {
  // The bounds do not hold where products underflow.
  const element = fc.integer({ min: -670, max: 670 }).map((i) => rounded(dtype, i / 67));
  const factors = fc.tuple(extent, extent, extent).chain(([m, k, n]) =>
    fc.record({
      a: placed([m, k], dtype, element),
      b: placed([k, n], dtype, element),
      out: layouts(2),
    }),
  );

  /** Compares a product with the loop's, within its bound. */
  function expectProduct(c: NDArray, a: Placed, b: Placed): void {
    const [m, k] = a.plain.shape as [number, number];
    const n = b.plain.shape[1]!;
    expect(c.shape).toEqual([m, n]);
    const arguments_ = [m, n, k, a.plain.values, b.plain.values, 1, 0, []] as const;
    expectWithin(read(c).values, oracle.gemm.of(...arguments_), oracle.gemm.bound(dtype, ...arguments_), "matmul");
  }

  test("matmul of matrices in any layout is the loop's, new or into out", () => {
    fc.assert(
      fc.property(factors, ({ a, b, out: layout }) =>
        scope(() => {
          const x = place(a.plain, dtype, a.layout);
          const y = place(b.plain, dtype, b.layout);
          expectProduct(matmul(x, y), a, b);
          const [m, n] = [a.plain.shape[0]!, b.plain.shape[1]!];
          const out = place(
            plainOf([m, n], () => NaN),
            dtype,
            layout,
          );
          expect(matmul(x, y, { out })).toBe(out);
          expectProduct(out, a, b);
          expect(written(out)).toBe(m * n);
        }),
      ),
      { numRuns: 120 },
    );
  });

  test("matmul of larger matrices, their transposes and slices is the loop's", () => {
    const values = (rows: number, cols: number) =>
      plainOf([rows, cols], ([i, j]) => rounded(dtype, ((31 * i! + 17 * j!) % 19) / 19 - 0.5));
    const plain = { a: values(70, 90), b: values(90, 50) };
    const contiguous = {
      order: [0, 1],
      margins: [
        [0, 0],
        [0, 0],
      ] as [number, number][],
    };
    const transposed = {
      order: [1, 0],
      margins: [
        [2, 3],
        [1, 0],
      ] as [number, number][],
    };
    for (const first of [contiguous, transposed]) {
      for (const second of [contiguous, transposed]) {
        scope(() => {
          const product = matmul(place(plain.a, dtype, first), place(plain.b, dtype, second));
          expectProduct(product, { plain: plain.a, layout: first }, { plain: plain.b, layout: second });
        });
      }
    }
  });

  test("dot of vectors that lie, stand or have one axis, with any step between elements, is the loop's", () => {
    const vectors = fc.integer({ min: 0, max: 40 }).chain((n) => {
      const forms = fc.constantFrom([n], [1, n], [n, 1]);
      return fc
        .tuple(forms, forms)
        .chain(([a, b]) => fc.tuple(placed(a, dtype, element), placed(b, dtype, element)));
    });
    fc.assert(
      fc.property(vectors, ([a, b]) =>
        scope(() => {
          const [x, y] = [a.plain.values, b.plain.values];
          const result = dot(place(a.plain, dtype, a.layout), place(b.plain, dtype, b.layout));
          expectWithin([result], [oracle.dot.of(x, y)], [oracle.dot.bound(dtype, x, y)], "dot");
        }),
      ),
      { numRuns: 200 },
    );
  });
});

test("the product of a matrix with its own transpose needs no copy", () => {
  const a = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(matmul(a, a.T).toArray()).toEqual([
    [14, 32],
    [32, 77],
  ]);
  expect(matmul(a.T, a).toArray()).toEqual([
    [17, 22, 27],
    [22, 29, 36],
    [27, 36, 45],
  ]);
});

test("a product over no elements is zeros, and one of no rows is empty", () => {
  expect(matmul(zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).toEqual([0, 3]);
  expect(dot(zeros(0), zeros([0, 1]))).toBe(0);
});

test("dot takes numbers with no axes, and a single element of any rank up to 2", () => {
  expect(dot(array(3), array([[4]]))).toBe(12);
});

test("dot of columns and rows steps over what lies between", () => {
  const a = array([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  expect(dot(a.columns(1, 2), a.rows(2, 3))).toBe(2 * 7 + 5 * 8 + 8 * 9);
  expect(dot(a.T.rows(0, 1), a.T.columns(2, 3))).toBe(1 * 7 + 4 * 8 + 7 * 9);
});
