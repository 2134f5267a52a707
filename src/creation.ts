/** Making arrays: from nested or typed arrays, or filled with one number. */

import type { DType } from "./abi.ts";
import {
  checkDType,
  checkOptions,
  checkShape,
  checkTypedShape,
  notANumber,
  notArrayLike,
  ragged,
} from "./check.ts";
import { empty, NDArray } from "./ndarray.ts";
import { type Runtime, runtime } from "./runtime.ts";
import { itemSize, sizeOf } from "./strided.ts";

/** As many as NumPy's. Lists that contain themselves have no end. */
const MOST_AXES = 64;

/** Typed arrays that can become arrays. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Numbers nested as deep as the array has axes, all rows equally long. */
export type NestedInput = number | readonly NestedInput[];

/** Numbers with the shape they stand for, in row-major order. */
export interface ShapedData {
  /** The numbers. */
  data: TypedArray;
  /** Extent along each axis. */
  shape: readonly number[];
}

/** What can become an array. */
export type ArrayInput = NDArray | NestedInput | TypedArray | ShapedData;

/** Options of `array`. */
export interface ArrayOptions<D extends DType = DType> {
  /** Type of the elements. Default: that of an NDArray, Float32Array or Float64Array, otherwise "f32". */
  dtype?: D;
  /** Shape of the result; default: the nesting, or one axis for a typed array. */
  shape?: readonly number[];
}

function isTyped(values: unknown): values is TypedArray {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return false;
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function isShaped(values: unknown): values is ShapedData {
  return (
    typeof values === "object" && values !== null && "data" in values && "shape" in values && isTyped(values.data)
  );
}

/** The dtype that values bring with them; undefined for plain numbers. */
export function ownDType(values: ArrayInput): DType | undefined {
  if (values instanceof NDArray) return values.dtype;
  if (isShaped(values)) return ownDType(values.data);
  if (values instanceof Float64Array) return "f64";
  if (values instanceof Float32Array) return "f32";
  return undefined;
}

/**
 * A new array with a copy of the values: numbers nested one level an axis, a typed array (with `shape`,
 * in row-major order), `{ data, shape }`, or another NDArray.
 *
 * @throws TypeError for something that is not a number; RangeError for rows of unequal length, a shape
 * that does not fit, or memory beyond 4 GiB.
 */
export function array(values: Float64Array, options?: { shape?: readonly number[] }): NDArray<"f64">;
export function array<D extends DType>(values: ArrayInput, options: ArrayOptions<D> & { dtype: D }): NDArray<D>;
export function array(values: NestedInput | Float32Array, options?: { shape?: readonly number[] }): NDArray<"f32">;
export function array(values: ArrayInput, options?: ArrayOptions): NDArray;
export function array(values: ArrayInput, options: ArrayOptions = {}): NDArray {
  checkOptions("array", options, ["dtype", "shape"]);
  return arrayFor("array", "values", values, options);
}

/** `array` on behalf of `who`, whose argument `name` it is; what is no NDArray goes into the memory of `where`. */
export function arrayFor(
  who: string,
  name: string,
  values: ArrayInput,
  options: ArrayOptions,
  where: Runtime = runtime(),
): NDArray {
  const dtype = options.dtype ?? ownDType(values) ?? "f32";
  checkDType(who, dtype);
  if (values instanceof NDArray) {
    if (options.shape === undefined) return values.astype(dtype);
    checkShape(who, options.shape, itemSize(dtype));
    checkTypedShape(who, values.size, options.shape);
    const copy = values.astype(dtype);
    return copy.reshape(options.shape);
  }
  if (isShaped(values)) {
    const { shape = values.shape } = options;
    return fromTyped(who, values.data, dtype, shape, where);
  }
  if (isTyped(values)) {
    const { shape = [values.length] } = options;
    return fromTyped(who, values, dtype, shape, where);
  }
  return fromNested(who, name, values, dtype, options.shape, where);
}

function fromTyped(who: string, data: TypedArray, dtype: DType, shape: readonly number[], where: Runtime): NDArray {
  checkShape(who, shape, itemSize(dtype));
  checkTypedShape(who, data.length, shape);
  // Values that lie in linear memory themselves would be gone if making room made it grow.
  const values = data.buffer === where.memory.u8.buffer ? data.slice() : data;
  const result = empty(shape, dtype, who, where);
  result.data.set(values);
  return result;
}

function fromNested(
  who: string,
  name: string,
  values: NestedInput,
  dtype: DType,
  wanted: readonly number[] | undefined,
  where: Runtime,
): NDArray {
  const nesting: number[] = [];
  let inner: unknown = values;
  while (Array.isArray(inner) && nesting.length < MOST_AXES) {
    nesting.push(inner.length);
    inner = inner[0];
  }
  if (nesting.length === 0 && typeof values !== "number") notArrayLike(who, name, values);
  checkShape(who, nesting, itemSize(dtype));
  const numbers = new Float64Array(sizeOf(nesting));
  let filled = 0;
  // One for all: one for each number would take several times as long as the number.
  const path: number[] = [];
  const fill = (value: unknown, axis: number): void => {
    const length = Array.isArray(value) ? value.length : undefined;
    if (length !== nesting[axis]) ragged(who, name, path.slice(0, axis), nesting.slice(axis), value);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        path[axis] = i;
        fill(value[i], axis + 1);
      }
    } else {
      if (typeof value !== "number") notANumber(who, name, path, value);
      numbers[filled++] = value;
    }
  };
  fill(values, 0);
  return fromTyped(who, numbers, dtype, wanted === undefined ? nesting : wanted, where);
}

/** An array of zeros. */
export function zeros<D extends DType = "f32">(
  shape: number | readonly number[],
  options: { dtype?: D } = {},
): NDArray<D> {
  return filled("zeros", shape, 0, options);
}

/** An array of ones. */
export function ones<D extends DType = "f32">(
  shape: number | readonly number[],
  options: { dtype?: D } = {},
): NDArray<D> {
  return filled("ones", shape, 1, options);
}

/** An array whose elements are all `value`. */
export function full<D extends DType = "f32">(
  shape: number | readonly number[],
  value: number,
  options: { dtype?: D } = {},
): NDArray<D> {
  if (typeof value !== "number") notANumber("full", "value", [], value);
  return filled("full", shape, value, options);
}

function filled<D extends DType>(
  who: string,
  shape: number | readonly number[],
  value: number,
  options: { dtype?: D },
): NDArray<D> {
  checkOptions(who, options, ["dtype"]);
  const dtype = options.dtype ?? ("f32" as D);
  checkDType(who, dtype);
  const result = empty(typeof shape === "number" ? [shape] : shape, dtype, who);
  (result.data as Float32Array | Float64Array).fill(value);
  return result;
}
