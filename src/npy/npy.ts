/** One array in one file, as NumPy's `save` and `load` have it. */
import { array, type DType, NDArray } from "../index.ts";
import { readElements, type Values } from "./elements.ts";
import {
  checkDType,
  checkOptions,
  notAnArray,
  notBytes,
  type Source,
  tooLargeToWrite,
  tooManyAxes,
} from "./errors.ts";
import { MOST_AXES, readHeader, writeHeader } from "./header.ts";

/** What the 32-bit fields of an archive can count. */
export const MOST_BYTES = 2 ** 32 - 1;

/** Options of `readNpy`. */
export interface ReadNpyOptions<D extends DType = DType> {
  /**
   * Type of the elements; values that it does not have are rounded to nearest. Default: "f32" for NumPy's float32,
   * float16, bool and integers of 8 and 16 bits, "f64" for float64 and integers of 32 and 64 bits.
   */
  dtype?: D;
}

/** A file that has been read and checked, not yet an array. */
export interface Parsed {
  values: Values;
  dtype: DType;
  /** Whether the first axis runs fastest. */
  fortran: boolean;
  shape: readonly number[];
}

/**
 * The array of an .npy file, in any version of the format and either order of bytes.
 *
 * Booleans become 0 and 1, integers and float16 the same numbers. Of a Fortran-ordered file, what returns is a
 * transposed view: the same shape and elements, not contiguous; `copy()` makes it so.
 *
 * @param bytes the whole file. They are copied.
 * @throws TypeError for elements that are no real numbers, such as Python objects, which are never unpickled;
 * RangeError for a damaged file, or 64-bit integers beyond 2^53. Nothing is allocated before all is checked.
 */
export function readNpy<D extends DType>(
  bytes: ArrayBuffer | Uint8Array,
  options: ReadNpyOptions<D> & { dtype: D },
): NDArray<D>;
export function readNpy(bytes: ArrayBuffer | Uint8Array, options?: ReadNpyOptions): NDArray;
export function readNpy(bytes: ArrayBuffer | Uint8Array, options: ReadNpyOptions = {}): NDArray {
  checkOptions("readNpy", options, ["dtype"]);
  checkDType("readNpy", options.dtype);
  const source = { who: "readNpy", name: "the file", bytes: plainBytes("readNpy", bytes) };
  return toArray(parseNpy(source), options.dtype);
}

/**
 * The .npy file of an array: the bytes that NumPy's `save` writes for the same C-ordered array of float32 or float64.
 *
 * Views are written in the order of their indices, row by row.
 *
 * @throws TypeError for anything but an NDArray; RangeError for more than 64 axes or 4 GiB.
 */
export function writeNpy(array: NDArray): Uint8Array {
  checkFile("writeNpy", "array", array);
  return npyFile(array);
}

/** Checks that an array can become a file; how many bytes it takes. */
export function checkFile(who: string, name: string, array: unknown): number {
  if (!(array instanceof NDArray)) notAnArray(who, name, array);
  if (array.ndim > MOST_AXES) tooManyAxes(who, name, array.ndim);
  const bytes = writeHeader(array.dtype, array.shape).length + elementBytes(array);
  if (bytes >= MOST_BYTES) tooLargeToWrite(who, bytes);
  return bytes;
}

/** The file of an array that was checked. */
export function npyFile(array: NDArray): Uint8Array {
  const header = writeHeader(array.dtype, array.shape);
  const file = new Uint8Array(header.length + elementBytes(array));
  const dense = array.contiguous ? array : array.copy();
  const { buffer, byteOffset, byteLength } = dense.data;
  file.set(header);
  file.set(new Uint8Array(buffer, byteOffset, byteLength), header.length);
  if (dense !== array) dense.free();
  return file;
}

function elementBytes({ dtype, size }: NDArray): number {
  return size * (dtype === "f32" ? 4 : 8);
}

/** Bytes as a Uint8Array of no subclass: Node's Buffer has a `slice` of its own. */
export function plainBytes(who: string, bytes: unknown): Uint8Array {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return notBytes(who, bytes);
}

/** Reads and checks a file without making an array. */
export function parseNpy(source: Source): Parsed {
  const { type, fortran, shape, size, offset } = readHeader(source);
  return { values: readElements(source, type, offset, size), dtype: type.dtype, fortran, shape };
}

/** The array of a file that has been read. */
export function toArray({ values, dtype, fortran, shape }: Parsed, wanted: DType = dtype): NDArray {
  if (!fortran) return array(values, { shape, dtype: wanted });
  return array(values, { shape: [...shape].reverse(), dtype: wanted }).T;
}
