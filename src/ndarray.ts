/** Arrays in linear memory: shape, strides, dtype, views, copies in and out. No arithmetic. */

import type { DType } from "./abi.ts";
import {
  checkAxisRange,
  checkDType,
  checkIndex,
  checkIndices,
  checkNumber,
  checkRank,
  checkReshape,
  checkShape,
  notAnNDArray,
  notContiguous,
  notReshapable,
  usedAfterFree,
  wrongShape,
} from "./check.ts";
import { printed } from "./printing.ts";
import { type Runtime, runtime } from "./runtime.ts";
import { type Slice, sliced } from "./slicing.ts";
import { Storage } from "./storage.ts";
import {
  contiguousStrides,
  forEachMatrix,
  isContiguous,
  itemSize,
  reshapedStrides,
  type Strided,
  sameShape,
  sizeOf,
} from "./strided.ts";

/** Numbers nested as deep as an array has axes; a bare number for none. */
export type NestedNumbers = number | NestedNumbers[];

/** The typed array that holds elements of a dtype. */
export type Elements<D extends DType> = D extends "f32" ? Float32Array : Float64Array;

/** Under this name Node looks for a method that shows an object. */
const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** An array of numbers in linear memory, or a view of one. Views share bytes: writing to one is seen in all. */
export class NDArray<D extends DType = DType> implements Strided {
  /** Stays, where tools shorten names. */
  static readonly name = "NDArray";
  /** The bytes, shared with views. */
  readonly storage: Storage;
  /** Type of the elements. */
  readonly dtype: D;
  /** Extent along each axis. */
  readonly shape: readonly number[];
  /** Elements to step over for the next index along each axis. */
  readonly strides: readonly number[];
  /** Number of elements. */
  readonly size: number;
  readonly #start: number;

  /** Use `array`, `zeros`, `ones` or `full`. `start`: elements from the first byte of the storage. */
  constructor(storage: Storage, dtype: D, shape: readonly number[], strides: readonly number[], start = 0) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.size = sizeOf(shape);
    this.#start = start;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The runtime whose memory holds the elements. */
  get runtime(): Runtime {
    return this.storage.runtime;
  }

  /** Address of the first element. @throws Error after `free`. */
  get pointer(): number {
    const offset = this.storage.offset;
    if (offset === undefined) usedAfterFree(this.shape);
    return offset + this.#start * itemSize(this.dtype);
  }

  /** Whether the elements follow one another in row-major order without gaps. */
  get contiguous(): boolean {
    return isContiguous(this.shape, this.strides);
  }

  /** The transpose, (m, n) to (n, m), axes reversed for other ranks: a view that costs nothing. */
  get T(): NDArray<D> {
    return this.#view([...this.shape].reverse(), [...this.strides].reverse());
  }

  /**
   * The same elements in another shape, as a view. One extent may be −1: it follows from the others.
   *
   * @throws RangeError where the sizes differ, or where the elements' order in memory allows no view.
   */
  reshape(...shape: number[] | [readonly number[]]): NDArray<D> {
    const wanted = typeof shape[0] === "object" ? [...shape[0]] : (shape as number[]);
    const resolved = checkReshape(this.shape, wanted);
    const strides = reshapedStrides(this.shape, this.strides, resolved);
    if (!strides) notReshapable(this.shape, resolved);
    return this.#view(resolved, strides);
  }

  /** Columns start … stop − 1 of a matrix, as a view. */
  columns(start: number, stop: number = this.shape[1] ?? 0): NDArray<D> {
    return this.#range("NDArray.columns", 1, start, stop);
  }

  /** Rows start … stop − 1 of a matrix, as a view. */
  rows(start: number, stop: number = this.shape[0] ?? 0): NDArray<D> {
    return this.#range("NDArray.rows", 0, start, stop);
  }

  /**
   * Part of the array, as a view: for each axis an index, which takes the axis away, or [start, stop, step] with null
   * for what is not said; axes left out are taken whole. Negative numbers count from the end and ranges end where the
   * axis does, as NumPy's: `a.slice(-1, [null, null, 2])` is a[-1, ::2].
   */
  slice(...parts: Slice[]): NDArray<D> {
    return this.#view(...sliced(this.shape, this.strides, parts));
  }

  /** This array, if it has that shape. @throws RangeError if not, with what it found. */
  assertShape(...shape: number[] | [readonly number[]]): this {
    const wanted = typeof shape[0] === "object" ? [...shape[0]] : (shape as number[]);
    if (!sameShape(this.shape, wanted)) wrongShape(this.shape, wanted);
    return this;
  }

  /** The element at these indices, from the end if negative; without indices, that of an array with a single one. */
  item(...indices: number[]): number {
    return this.runtime.memory[this.dtype][this.#place("NDArray.item", indices)]!;
  }

  /** Puts a number where `item` with these indices finds it. All views see it. */
  set(value: number, ...indices: number[]): void {
    checkNumber("NDArray.set", "value", value);
    this.runtime.memory[this.dtype][this.#place("NDArray.set", indices)] = value;
  }

  /**
   * The elements themselves, not a copy: a typed array over linear memory. Read or write it at once; it is
   * empty (detached) after the next growth of the memory.
   *
   * @throws Error for a view whose elements are not contiguous.
   */
  get data(): Elements<D> {
    if (!this.contiguous) notContiguous(this.shape, this.strides);
    const start = this.pointer / itemSize(this.dtype);
    return this.runtime.memory[this.dtype].subarray(start, start + this.size) as Elements<D>;
  }

  /** A copy as nested JavaScript arrays, one level an axis. */
  toArray(): NestedNumbers {
    const elements = this.runtime.memory[this.dtype];
    const nest = (axis: number, position: number): NestedNumbers => {
      if (axis === this.ndim) return elements[position]!;
      return Array.from({ length: this.shape[axis]! }, (_, i) =>
        nest(axis + 1, position + i * this.strides[axis]!),
      );
    };
    return nest(0, this.pointer / itemSize(this.dtype));
  }

  /** A contiguous copy. */
  copy(): NDArray<D> {
    return this.astype(this.dtype);
  }

  /** A contiguous copy with elements of another type, rounded to nearest. */
  astype<E extends DType>(dtype: E): NDArray<E> {
    checkDType("NDArray.astype", dtype);
    if (this.storage.offset === undefined) usedAfterFree(this.shape);
    const same = dtype === (this.dtype as DType);
    // Only contiguous elements convert; others are copied first, and the copy goes whatever happens.
    const from = same || this.contiguous ? this : this.copy();
    try {
      const result = empty(this.shape, dtype, "NDArray.astype", this.runtime);
      if (same) copyElements(this, result);
      else (result.data as Float32Array | Float64Array).set(from.data);
      return result;
    } finally {
      if (from !== this) from.free();
    }
  }

  /**
   * Gives the memory back at once, for this array and all its views; using them afterwards is an error.
   *
   * @throws Error if that was done before, or if a model owns the elements.
   */
  free(): void {
    this.storage.free("NDArray.free");
  }

  /** `using x = array(…)` frees x at the end of the block, unless it was freed before. */
  [Symbol.dispose](): void {
    if (!this.storage.freed) this.free();
  }

  /** `array([[1., 2.], [3., 4.]], dtype f32, shape (2, 2))`, a line a row, long axes abbreviated: see printing.ts. */
  toString(): string {
    const freed = this.storage.offset === undefined;
    return printed(this, freed ? undefined : this.runtime.memory[this.dtype]);
  }

  /** What Node's console shows. */
  [INSPECT](): string {
    return this.toString();
  }

  /** A view of elements that start `offset` elements after this array's first. */
  view(shape: readonly number[], strides: readonly number[], offset: number): NDArray<D> {
    return this.#view(shape, strides, offset);
  }

  #place(who: string, indices: readonly number[]): number {
    checkIndices(who, this.shape, indices);
    let position = this.pointer / itemSize(this.dtype);
    indices.forEach((index, axis) => {
      position += checkIndex(who, this.shape, axis, index) * this.strides[axis]!;
    });
    return position;
  }

  #view(shape: readonly number[], strides: readonly number[], offset = 0): NDArray<D> {
    if (this.storage.offset === undefined) usedAfterFree(this.shape);
    return new NDArray(this.storage, this.dtype, shape, strides, this.#start + offset);
  }

  #range(who: string, axis: 0 | 1, start: number, stop: number): NDArray<D> {
    checkRank(who, "the array", this.shape, 2);
    checkAxisRange(who, start, stop, this.shape[axis]!);
    const shape = [...this.shape];
    shape[axis] = stop - start;
    return this.#view(shape, this.strides, start * this.strides[axis]!);
  }
}

/** Rejects operands that are not arrays. */
export function checkOperand(who: string, name: string, value: unknown): asserts value is NDArray {
  if (!(value instanceof NDArray)) notAnNDArray(who, name, value);
}

/** An array whose elements hold anything. For `who`, in the current runtime unless another is given. */
export function empty<D extends DType>(
  shape: readonly number[],
  dtype: D,
  who: string,
  where: Runtime = runtime(),
): NDArray<D> {
  checkShape(who, shape, itemSize(dtype));
  const storage = new Storage(where, sizeOf(shape) * itemSize(dtype), who);
  return new NDArray(storage, dtype, [...shape], contiguousStrides(shape));
}

/** out = a, for two arrays of one shape and dtype, whatever their strides. */
export function copyElements(a: NDArray, out: NDArray): void {
  const copy = a.runtime.kernel[a.dtype].copy;
  forEachMatrix([a, out], (rows, cols, [x, y]) => {
    copy(rows, cols, x!.pointer, x!.rs, x!.cs, y!.pointer, y!.rs, y!.cs);
  });
}
