/** The front of an .npy file: magic, version, length, and a dictionary with dtype, order and shape. */
import { type ElementType, elementType } from "./elements.ts";
import {
  headerCutOff,
  headerTooLong,
  notNpy,
  type Source,
  shapeTooLarge,
  tooManyAxes,
  unknownVersion,
  wrongSize,
} from "./errors.ts";
import { parseLiteral } from "./literal.ts";

/** What an .npy holds and where. */
export interface Header {
  type: ElementType;
  /** Whether the first axis runs fastest. */
  fortran: boolean;
  shape: readonly number[];
  /** Number of elements. */
  size: number;
  /** Where the elements start. */
  offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** As many as NumPy's. */
export const MOST_AXES = 64;
/** NumPy's own bound, `max_header_size`. */
const LONGEST = 10_000;
/** Elements start at a multiple of it. */
const ALIGNMENT = 64;
/** NumPy leaves room for the first extent to grow to so many digits in place. */
const ROOM = 21;

/** Reads and checks the front of a file, and that as many bytes follow as it says. */
export function readHeader(source: Source): Header {
  const { bytes } = source;
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) notNpy(source);
  if (bytes.length < 10) headerCutOff(source, 10);
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if (major < 1 || major > 3 || minor !== 0) unknownVersion(source, major, minor);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) headerCutOff(source, start);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST) headerTooLong(source, length);
  const offset = start + length;
  if (bytes.length < offset) headerCutOff(source, offset);

  // Other than ASCII stands only in names of fields, and no field is read.
  const text = String.fromCharCode(...bytes.subarray(start, offset));
  const { descr, fortran_order, shape } = parseLiteral(source, text);
  const type = elementType(source, descr);
  const size = sizeOf(source, shape, type.itemSize);
  const found = bytes.length - offset;
  if (found !== size * type.itemSize) wrongSize(source, found, shape, size * type.itemSize);
  return { type, fortran: fortran_order, shape, size, offset };
}

/** Number of elements; extents beside a zero may not be beyond all bounds either. */
function sizeOf(source: Source, shape: readonly number[], itemSize: number): number {
  if (shape.length > MOST_AXES) tooManyAxes(source.who, source.name, shape.length);
  let bytes = itemSize;
  for (const extent of shape) {
    bytes *= Math.max(extent, 1);
    if (bytes > Number.MAX_SAFE_INTEGER) shapeTooLarge(source, shape);
  }
  return shape.includes(0) ? 0 : bytes / itemSize;
}

/** The front of the file that NumPy's `save` writes for a C-ordered array, to the byte. */
export function writeHeader(dtype: "f32" | "f64", shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const descr = dtype === "f32" ? "<f4" : "<f8";
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const room = shape.length === 0 ? 0 : ROOM - String(shape[0]).length;
  // At least one space, then a line feed. 64 axes take no more than the 65535 bytes that version 1.0 counts.
  const least = 10 + dictionary.length + room + 1;
  const length = least + ALIGNMENT - (least % ALIGNMENT);
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set([...MAGIC, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(dictionary), 10);
  bytes[length - 1] = 0x0a;
  return bytes;
}
