/** Shapes and strides: what broadcasting, views and loops over any rank need. No array is owned here. */

import type { DType } from "./abi.ts";
import { notBroadcastable } from "./check.ts";

/** Elements in linear memory, seen in a shape: an NDArray, a broadcast view of one, or a constant. */
export interface Strided {
  readonly pointer: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Bytes of one element. */
export function itemSize(dtype: DType): number {
  return dtype === "f32" ? 4 : 8;
}

/** Product of a shape's extents. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Strides, in elements, of a contiguous array of this shape in row-major order. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Whether the elements follow one another in row-major order without gaps. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis]!;
    if (extent === 0) return true;
    if (extent !== 1 && strides[axis] !== step) return sizeOf(shape) === 0;
    step *= extent;
  }
  return true;
}

/** The shape that both broadcast to. */
export function broadcastShapes(
  who: string,
  a: readonly number[],
  b: readonly number[],
  aName = "a",
  bName = "b",
): readonly number[] {
  if (sameShape(a, b)) return a;
  const shape = new Array<number>(Math.max(a.length, b.length));
  for (let fromEnd = shape.length; fromEnd > 0; fromEnd--) {
    const x = extentFromEnd(a, fromEnd);
    const y = extentFromEnd(b, fromEnd);
    if (x !== y && x !== 1 && y !== 1) notBroadcastable(who, aName, a, bName, b);
    shape[shape.length - fromEnd] = x === 1 ? y : x;
  }
  return shape;
}

/** `a` repeated along new axes and along axes of extent 1, which costs nothing: their stride is 0. */
export function broadcastTo(a: Strided, shape: readonly number[]): Strided {
  if (sameShape(a.shape, shape)) return a;
  const added = shape.length - a.shape.length;
  const strides = shape.map((extent, axis) => {
    const own = a.shape[axis - added];
    return own === undefined || (own === 1 && extent !== 1) ? 0 : a.strides[axis - added]!;
  });
  return { pointer: a.pointer, dtype: a.dtype, shape, strides };
}

/** Extent of an axis counted from the last, which is 1; of one that is missing, 1. */
export function extentFromEnd(shape: readonly number[], axis: number): number {
  return axis > shape.length ? 1 : shape[shape.length - axis]!;
}

/** The step of `a` along that axis once it is broadcast to this extent, for which `broadcastTo` would be slow. */
export function stepFromEnd(a: Strided, axis: number, extent: number): number {
  const own = a.shape.length - axis;
  return own < 0 || (a.shape[own] === 1 && extent !== 1) ? 0 : a.strides[own]!;
}

/** The addresses [from, to) that elements lie in. */
export function addressRange(a: Strided): [from: number, to: number] {
  if (sizeOf(a.shape) === 0) return [a.pointer, a.pointer];
  let first = 0;
  let last = 1;
  for (let axis = 0; axis < a.shape.length; axis++) {
    const way = (a.shape[axis]! - 1) * a.strides[axis]!;
    if (way < 0) first += way;
    else last += way;
  }
  return [a.pointer + first * itemSize(a.dtype), a.pointer + last * itemSize(a.dtype)];
}

/** A matrix within an array: where it starts, and its strides in elements. */
export interface Matrix {
  pointer: number;
  rs: number;
  cs: number;
}

/**
 * Visits arrays of one shape as a sequence of matrices of equal extents, as few and as large as their
 * strides allow: axes that lie one behind the other in every array are visited as one.
 */
export function forEachMatrix(
  arrays: readonly Strided[],
  visit: (rows: number, cols: number, matrices: Matrix[]) => void,
): void {
  const { shape } = arrays[0]!;
  const size = sizeOf(shape);
  if (size === 0) return;
  const matrices = arrays.map(asOneRun);
  if (!matrices.includes(undefined)) {
    visit(1, size, matrices as Matrix[]);
    return;
  }
  visitByAxes(arrays, visit);
}

/** All elements as one row, contiguous or the same element again and again; undefined where neither is so. */
function asOneRun({ pointer, shape, strides }: Strided): Matrix | undefined {
  if (isContiguous(shape, strides)) return { pointer, rs: 0, cs: 1 };
  for (const stride of strides) if (stride !== 0) return undefined;
  return { pointer, rs: 0, cs: 0 };
}

function visitByAxes(
  arrays: readonly Strided[],
  visit: (rows: number, cols: number, matrices: Matrix[]) => void,
): void {
  const { shape } = arrays[0]!;
  const matrices = arrays.map((array) => ({ pointer: array.pointer, rs: 0, cs: 0 }));
  const axes = mergedAxes(
    shape,
    arrays.map((array) => array.strides),
  );
  const cols = axes.pop() ?? { extent: 1, steps: arrays.map(() => 1) };
  const rows = axes.pop() ?? { extent: 1, steps: arrays.map(() => 0) };
  matrices.forEach((matrix, i) => {
    matrix.rs = rows.steps[i]!;
    matrix.cs = cols.steps[i]!;
  });
  const bytes = arrays.map((array) => itemSize(array.dtype));
  const descend = (level: number): void => {
    const axis = axes[level];
    if (!axis) {
      visit(rows.extent, cols.extent, matrices);
      return;
    }
    for (let i = 0; i < axis.extent; i++) {
      descend(level + 1);
      matrices.forEach((matrix, j) => {
        matrix.pointer += axis.steps[j]! * bytes[j]!;
      });
    }
    matrices.forEach((matrix, j) => {
      matrix.pointer -= axis.extent * axis.steps[j]! * bytes[j]!;
    });
  };
  descend(0);
}

/** An extent with the step of each array along it. */
export interface Axis {
  extent: number;
  steps: number[];
}

/** The axes without those of extent 1, neighbours joined where every array allows it. */
export function mergedAxes(shape: readonly number[], strides: readonly (readonly number[])[]): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((extent, i) => {
    if (extent === 1) return;
    const steps = strides.map((own) => own[i]!);
    const outer = axes.at(-1);
    if (outer && steps.every((step, j) => outer.steps[j] === step * extent)) {
      outer.extent *= extent;
      outer.steps = steps;
    } else {
      axes.push({ extent, steps });
    }
  });
  return axes;
}

/** Strides that show the same elements in a new shape, or undefined where none can. */
export function reshapedStrides(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): number[] | undefined {
  if (sizeOf(shape) === 0) return contiguousStrides(wanted);
  // Runs of elements that are evenly spaced in memory; each must be divided up without crossing its ends.
  const runs = mergedAxes(shape, [strides]);
  const result = new Array<number>(wanted.length).fill(1);
  let run = runs.pop();
  let left = run?.extent ?? 1;
  let step = run?.steps[0] ?? 1;
  for (let axis = wanted.length - 1; axis >= 0; axis--) {
    const extent = wanted[axis]!;
    if (extent === 1) continue;
    if (left === 1) {
      run = runs.pop();
      left = run?.extent ?? 1;
      step = run?.steps[0] ?? 1;
    }
    if (left % extent !== 0) return undefined;
    result[axis] = step;
    step *= extent;
    left /= extent;
  }
  return result;
}
