/** Sums, means and extremes over one axis or over everything. */

import type { DType, ReductionName } from "./abi.ts";
import { checkAxis, checkFlag, checkOptions, emptyReduction } from "./check.ts";
import { checkOperand, empty, NDArray } from "./ndarray.ts";
import { itemSize, mergedAxes, type Strided } from "./strided.ts";

/** Options of a reduction over one axis. */
export interface AxisOptions {
  /** The axis that disappears; counted from the end if negative. */
  axis: number;
  /** Keep that axis with extent 1, so that the result broadcasts against the input. Default false. */
  keepDims?: boolean;
}

/** Options of a reduction over everything. */
export interface TotalOptions {
  /** Left out: every axis disappears. */
  axis?: undefined;
  /** True: an array with every extent 1 instead of a number. */
  keepDims?: boolean;
}

/** Options with which a single number is left. */
type NumberOptions = TotalOptions & { keepDims?: false };

/** Options with which an array is left. */
type ArrayResultOptions = AxisOptions | (TotalOptions & { keepDims: true });

type Options = AxisOptions | TotalOptions;

function reduce(name: ReductionName, a: NDArray, options: Options): NDArray | number {
  checkOptions(name, options, ["axis", "keepDims"]);
  checkOperand(name, "a", a);
  if (options.keepDims !== undefined) checkFlag(name, "keepDims", options.keepDims);
  const dtype = name === "argmax" ? "f64" : a.dtype;
  if (options.axis === undefined) {
    if (a.size === 0 && name !== "sum" && name !== "mean") emptyReduction(name, a.shape);
    const total = overAll(name, a);
    if (!options.keepDims) return total;
    const kept = empty(
      a.shape.map(() => 1),
      dtype,
      name,
      a.runtime,
    );
    kept.data[0] = total;
    return kept;
  }
  const axis = checkAxis(name, options.axis, a.shape);
  const start = a.pointer; // throws for a freed array before anything is taken
  if (a.shape[axis] === 0 && name !== "sum" && name !== "mean") emptyReduction(name, a.shape);
  const shape = a.shape.filter((_, i) => i !== axis);
  const out = empty(shape, dtype, name, a.runtime);
  overAxis(name, a, start, axis, out);
  return options.keepDims ? out.reshape(a.shape.map((extent, i) => (i === axis ? 1 : extent))) : out;
}

/** out = a reduced along an axis: matrices (rest, axis), one for each place along the outer axes. */
function overAxis(name: ReductionName, a: NDArray, start: number, axis: number, out: NDArray): void {
  const kernel = a.runtime.kernel[a.dtype];
  const restStrides = a.strides.filter((_, i) => i !== axis);
  const axes = mergedAxes(out.shape, [restStrides, out.strides]);
  const rows = axes.pop() ?? { extent: 1, steps: [1, 1] };
  const sizes = [itemSize(a.dtype), itemSize(out.dtype)];
  const descend = (level: number, x: number, y: number): void => {
    const outer = axes[level];
    if (!outer) {
      kernel[name](rows.extent, a.shape[axis]!, x, rows.steps[0]!, a.strides[axis]!, y, rows.steps[1]!);
      return;
    }
    for (let i = 0; i < outer.extent; i++) {
      descend(level + 1, x + i * outer.steps[0]! * sizes[0]!, y + i * outer.steps[1]! * sizes[1]!);
    }
  };
  if (out.size > 0) descend(0, start, out.pointer);
}

/** The reduction of all elements, in row-major order where that matters. */
function overAll(name: ReductionName, a: NDArray): number {
  const { memory, kernel } = a.runtime;
  const dtype = name === "argmax" ? "f64" : a.dtype;
  // Scratch first: if memory runs out, no copy is left behind.
  const result = memory.scratch(8, name);
  const flat = flatten(name, a);
  kernel[a.dtype][name](1, a.size, flat.pointer, 0, flat.strides.at(-1) ?? 1, result, 1);
  if (flat instanceof NDArray && flat !== a) flat.free();
  return memory[dtype][result / itemSize(dtype)]!;
}

/** All elements as one evenly spaced run: as they lie where that is possible, otherwise a copy. */
function flatten(name: ReductionName, a: NDArray): Strided {
  const inOrder = mergedAxes(a.shape, [a.strides]);
  if (inOrder.length <= 1) return { ...view(a), strides: [inOrder[0]?.steps[0] ?? 1] };
  // Order changes positions, not sums or extremes: a transpose may be read as it lies in memory.
  const reversed = mergedAxes([...a.shape].reverse(), [[...a.strides].reverse()]);
  if (reversed.length === 1 && name !== "argmax") return { ...view(a), strides: [reversed[0]!.steps[0]!] };
  return a.copy().reshape(a.size);
}

function view(a: NDArray): Strided {
  return { pointer: a.pointer, dtype: a.dtype, shape: [a.size], strides: [1] };
}

/**
 * Σ a over an axis, or over everything as a number. Sums of f32 run in f64 over blocks, so that their
 * error does not grow with the length.
 */
export function sum(a: NDArray, options?: NumberOptions): number;
export function sum<D extends DType>(a: NDArray<D>, options: ArrayResultOptions): NDArray<D>;
export function sum<D extends DType>(a: NDArray<D>, options?: Options): NDArray<D> | number;
export function sum(a: NDArray, options: Options = {}): NDArray | number {
  return reduce("sum", a, options);
}

/** The arithmetic mean over an axis, or over everything as a number; NaN of nothing. */
export function mean(a: NDArray, options?: NumberOptions): number;
export function mean<D extends DType>(a: NDArray<D>, options: ArrayResultOptions): NDArray<D>;
export function mean<D extends DType>(a: NDArray<D>, options?: Options): NDArray<D> | number;
export function mean(a: NDArray, options: Options = {}): NDArray | number {
  return reduce("mean", a, options);
}

/** The largest element along an axis, or of all as a number; NaN if there is one. @throws RangeError of nothing. */
export function max(a: NDArray, options?: NumberOptions): number;
export function max<D extends DType>(a: NDArray<D>, options: ArrayResultOptions): NDArray<D>;
export function max<D extends DType>(a: NDArray<D>, options?: Options): NDArray<D> | number;
export function max(a: NDArray, options: Options = {}): NDArray | number {
  return reduce("max", a, options);
}

/** The smallest element along an axis, or of all as a number; NaN if there is one. @throws RangeError of nothing. */
export function min(a: NDArray, options?: NumberOptions): number;
export function min<D extends DType>(a: NDArray<D>, options: ArrayResultOptions): NDArray<D>;
export function min<D extends DType>(a: NDArray<D>, options?: Options): NDArray<D> | number;
export function min(a: NDArray, options: Options = {}): NDArray | number {
  return reduce("min", a, options);
}

/**
 * The first position of the largest element along an axis, as an f64 array, or in row-major order of all,
 * as a number. The first NaN counts as the largest. @throws RangeError of nothing.
 */
export function argmax(a: NDArray, options?: NumberOptions): number;
export function argmax(a: NDArray, options: ArrayResultOptions): NDArray<"f64">;
export function argmax(a: NDArray, options?: Options): NDArray<"f64"> | number;
export function argmax(a: NDArray, options: Options = {}): NDArray | number {
  return reduce("argmax", a, options);
}
