/** Slices of any array against plain loops, and kernels on views that run backwards. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  allClose,
  arange,
  argmax,
  array,
  concatenate,
  exp,
  LogisticRegression,
  matmul,
  type NDArray,
  Random,
  type Slice,
  scope,
  sum,
  zeros,
} from "../src/index.ts";
import { dtypes, expectSame } from "./compare.ts";
import { at, count, dense, indices, place, placed, plainOf, read, shapes, written } from "./plain.ts";
import { expectRejected } from "./usage.ts";

/** The indices along an axis that NumPy's documentation defines: i, i + k, … up to j, clipped to the axis. */
function chosen(extent: number, [start, stop, step]: readonly (number | null)[]): number[] {
  const k = step ?? 1;
  const clip = (v: number): number => {
    const i = v < 0 ? v + extent : v;
    return k > 0 ? Math.min(Math.max(i, 0), extent) : Math.min(Math.max(i, -1), extent - 1);
  };
  const from = start === null ? (k > 0 ? 0 : extent - 1) : clip(start!);
  const to = stop === null ? (k > 0 ? extent : -1) : clip(stop!);
  const found: number[] = [];
  for (let i = from; k > 0 ? i < to : i > to; i += k) found.push(i);
  return found;
}

const bound = fc.option(fc.integer({ min: -7, max: 7 }));
const step = fc.option(fc.constantFrom(1, 2, 3, 7, -1, -2, -3, -7));
const cases = shapes.chain((shape) =>
  fc.record({
    a: placed(shape, "f32"),
    parts: fc.tuple(
      ...shape.map((extent) =>
        fc.oneof(
          fc.tuple(bound, bound, step),
          ...(extent > 0 ? [fc.integer({ min: -extent, max: extent - 1 })] : []),
        ),
      ),
    ),
  }),
);

test("a slice of any array shows, without a copy, the elements that a loop finds", () => {
  fc.assert(
    fc.property(cases, ({ a: { plain, layout }, parts }) =>
      scope(() => {
        const view = place(plain, "f32", layout).slice(...(parts as Slice[]));
        const lists = parts.map((part, axis) =>
          typeof part === "number"
            ? [part < 0 ? part + plain.shape[axis]! : part]
            : chosen(plain.shape[axis]!, part),
        );
        const kept = lists.filter((_, axis) => typeof parts[axis] !== "number");
        const places = Array.from(indices(lists.map((list) => list.length)));
        expect(view.shape).toEqual(kept.map((list) => list.length));
        const want = places.map((index) =>
          at(
            plain,
            index.map((i, axis) => lists[axis]![i]!),
          ),
        );
        expectSame(read(view).values, want, `${plain.shape} ${JSON.stringify(parts)}`);
      }),
    ),
    { numRuns: 400, seed: 1 },
  );
});

test("a slice of a slice, a transpose and a reshape is a view of the same bytes", () => {
  const a = arange(24).reshape(4, 6);
  const view = a.T.slice([null, null, -2]).slice(1, [1, null]);
  expect(view.toArray()).toEqual([9, 15, 21]);
  view.set(-1, -1);
  expect([a.item(3, 3), a.slice(-1, -3).item()]).toEqual([-1, -1]);
});

test("set writes one element of a view and nothing else", () => {
  const plain = plainOf([3, 4], ([i, j]) => 10 * i! + j!);
  const a = place(plain, "f64", {
    ...dense(2),
    margins: [
      [1, 2],
      [3, 1],
    ],
  });
  a.set(0.1, -1, 2);
  a.set(7, 0, 0);
  expect([a.item(2, 2), a.item(0, 0), a.item(1, 2), written(a)]).toEqual([0.1, 7, 12, 12]);
  const single = zeros([1, 1]);
  single.set(5);
  expect(single.item()).toBe(5);
});

describe.each(dtypes)("%s views that run backwards", (dtype) => {
  const random = new Random(3);
  const a = random.normal([7, 9], { dtype });
  const backwards: [string, NDArray][] = [
    ["rows", a.slice([null, null, -1])],
    ["columns", a.slice([], [null, null, -1])],
    ["both", a.slice([null, null, -1], [null, null, -1])],
    ["every second", a.slice([null, null, -2], [null, null, -2])],
    ["the transpose", a.T.slice([], [null, null, -1])],
  ];

  test.each(backwards)("(%s) go through every kind of operation as their copies do", (_, view) => {
    const copy = view.copy();
    expectSame(read(copy).values, read(view).values, "copy");
    for (const act of [
      (x: NDArray) => exp(x),
      (x: NDArray) => add(x, x.slice(0)),
      (x: NDArray) => matmul(x, x.T),
      (x: NDArray) => matmul(x.T, x),
      (x: NDArray) => sum(x, { axis: 0 }),
      (x: NDArray) => sum(x, { axis: 1 }),
      (x: NDArray) => argmax(x, { axis: 1 }),
      (x: NDArray) => concatenate([x, x], { axis: 1 }),
      (x: NDArray) => array(argmax(x)),
    ]) {
      const [got, want] = [act(view), act(copy)];
      expect(got.shape).toEqual(want.shape);
      // Sums run in another order.
      expect(allClose(got, want, { rtol: 0, atol: dtype === "f32" ? 1e-5 : 1e-13 })).toBe(true);
    }
  });

  test.each(backwards)("(%s) receive results, and are told from what they overlap", (_, view) => {
    const out = view.copy().slice([null, null, -1], [null, null, -1]);
    expect(add(view, 1, { out })).toBe(out);
    expectSame(read(out).values, read(add(view, 1)).values, "out");
    expect(read(exp(out, { out })).values).toEqual(read(exp(add(view, 1))).values);
    expectRejected(
      () => add(out, 1, { out: out.slice([null, null, -1]) }),
      (error) => expect(String(error)).toContain("out overlaps an input"),
    );
  });

  test("train a model to the same bits", () => {
    const X = random.normal([4, 33], { dtype }).slice([], [null, null, -1]);
    const Y = array([Array.from({ length: 33 }, (_, i) => i % 2)], { dtype });
    const [w, w2] = [X, X.copy()].map((x) => {
      using model = new LogisticRegression({ epochs: 20 });
      model.fit(x, Y);
      return [...model.w.copy().data, model.b];
    });
    expect(w).toEqual(w2);
  });
});

test("a view that runs backwards covers what lies before its first element", () => {
  const v = arange(9);
  expectRejected(
    () => exp(v.slice([4, 0, -1]), { out: v.slice([0, 4]) }),
    (error) => expect(String(error)).toContain("out overlaps an input"),
  );
  expect(add(v.slice([4, 0, -1]), 1, { out: v.slice([5, 9]) }).toArray()).toEqual([5, 4, 3, 2]);
});

test("count of a slice's elements is the product of its extents", () => {
  const view = zeros([5, 6]).slice([1, null, 2], [null, null, -4]);
  expect([view.size, view.shape]).toEqual([count([2, 2]), [2, 2]]);
});
