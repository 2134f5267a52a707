/** Arrays in any memory layout, with plain twins: a shape and numbers in row-major order. */
import fc from "fast-check";
import { full, type NDArray } from "../src/index.ts";
import { type Dtype, rounded } from "./compare.ts";

/** Numbers in row-major order under a shape. */
export interface Plain {
  shape: number[];
  values: number[];
}

/** How an array lies in memory. */
export interface Layout {
  /** Axes from the outermost to the innermost. */
  order: number[];
  /** Elements that do not belong to the array, before and after each axis. */
  margins: [before: number, after: number][];
}

/** Product of the extents. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Every index of a shape, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let left = count(shape); left > 0; left--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** The element at an index. */
export function at(plain: Plain, index: readonly number[]): number {
  let position = 0;
  plain.shape.forEach((extent, axis) => {
    position = position * extent + index[axis]!;
  });
  return plain.values[position]!;
}

/** A plain array from a function of the index. */
export function plainOf(shape: readonly number[], f: (index: number[]) => number): Plain {
  return { shape: [...shape], values: Array.from(indices(shape), f) };
}

/** The elements of an array in row-major order, read one by one. */
export function read(a: NDArray): Plain {
  return plainOf(a.shape, (index) => (a.ndim === 0 ? a.item() : a.item(...index)));
}

/** Marks what a view must not touch. */
export const MARGIN = -12345;

/** A view with these values in this layout. Its margins hold MARGIN. */
export function place<D extends Dtype>(plain: Plain, dtype: D, layout: Layout): NDArray<D> {
  const extents = layout.order.map(
    (axis) => plain.shape[axis]! + layout.margins[axis]![0] + layout.margins[axis]![1],
  );
  const base = full([count(extents)], MARGIN, { dtype });
  const strides = plain.shape.map(() => 0);
  let step = 1;
  for (let k = extents.length - 1; k >= 0; k--) {
    strides[layout.order[k]!] = step;
    step *= extents[k]!;
  }
  const start = strides.reduce((sum, stride, axis) => sum + stride * layout.margins[axis]![0], 0);
  const values = base.data;
  let i = 0;
  for (const index of indices(plain.shape)) {
    values[index.reduce((sum, k, axis) => sum + k * strides[axis]!, start)] = plain.values[i++]!;
  }
  return base.view(plain.shape, strides, start);
}

/** How many elements of the whole memory of a view are no margin. */
export function written(view: NDArray): number {
  const { runtime, dtype, storage } = view;
  const size = dtype === "f32" ? 4 : 8;
  const start = storage.offset! / size;
  return runtime.memory[dtype].subarray(start, start + storage.bytes / size).filter((v) => v !== MARGIN).length;
}

/** Layouts of a rank: axes in any order, with margins or none. */
export function layouts(rank: number): fc.Arbitrary<Layout> {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const margin = fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  );
  return fc.record({
    order: fc.oneof(fc.constant(axes), fc.shuffledSubarray(axes, { minLength: rank, maxLength: rank })),
    margins: fc.array(fc.tuple(margin, margin), { minLength: rank, maxLength: rank }),
  });
}

/** Row-major, without margins. */
export function dense(rank: number): Layout {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return { order: axes, margins: axes.map(() => [0, 0]) };
}

/** Shapes of rank 0 to 4; an extent is seldom 0. */
export const shapes: fc.Arbitrary<number[]> = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) }, { weight: 1, arbitrary: fc.constant(0) }),
  { maxLength: 4 },
);

/** Ordinary numbers, and those that often go wrong. */
export function elements(dtype: Dtype): fc.Arbitrary<number> {
  return fc
    .oneof(
      { weight: 8, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, -1, NaN, Infinity, -Infinity) },
    )
    .map((x) => rounded(dtype, x));
}

/** A plain array of a shape with any elements. */
export function plains(shape: readonly number[], dtype: Dtype, element = elements(dtype)): fc.Arbitrary<Plain> {
  const size = count(shape);
  return fc.array(element, { minLength: size, maxLength: size }).map((values) => ({ shape: [...shape], values }));
}

/** A plain array, with the same in linear memory in some layout. */
export interface Placed {
  plain: Plain;
  layout: Layout;
}

/** Plain arrays of a shape, each with a layout. */
export function placed(shape: readonly number[], dtype: Dtype, element = elements(dtype)): fc.Arbitrary<Placed> {
  return fc.record({ plain: plains(shape, dtype, element), layout: layouts(shape.length) });
}
