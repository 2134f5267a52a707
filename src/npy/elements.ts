/** The elements of an .npy file as a typed array, whatever NumPy's dtype was. */
import { inexactInteger, refusedDType, type Source } from "./errors.ts";

/** Typed arrays that hold every value of a dtype, or of its conversion, exactly. */
export type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** How elements are read. */
export interface ElementType {
  /** Bytes of one. */
  itemSize: number;
  bigEndian: boolean;
  /** The smallest dtype that is equal to every value, but for 64-bit integers. */
  dtype: "f32" | "f64";
  /** Little-endian elements of an aligned buffer as a typed array. */
  values(source: Source, buffer: ArrayBufferLike, offset: number, size: number): Values;
}

type Reader = Pick<ElementType, "dtype" | "values">;

const as = (
  dtype: "f32" | "f64",
  Kind: new (buffer: ArrayBufferLike, offset: number, size: number) => Values,
): Reader => ({ dtype, values: (_, buffer, offset, size) => new Kind(buffer, offset, size) });

const integers = (
  Kind: new (buffer: ArrayBufferLike, offset: number, size: number) => BigInt64Array | BigUint64Array,
): Reader => ({
  dtype: "f64",
  values: (source, buffer, offset, size) => exact(source, new Kind(buffer, offset, size)),
});

const READERS: Record<string, Reader> = {
  f2: { dtype: "f32", values: (_, buffer, offset, size) => halves(new Uint16Array(buffer, offset, size)) },
  f4: as("f32", Float32Array),
  f8: as("f64", Float64Array),
  b1: {
    dtype: "f32",
    values: (_, buffer, offset, size) => new Uint8Array(buffer, offset, size).map((byte) => (byte === 0 ? 0 : 1)),
  },
  i1: as("f32", Int8Array),
  u1: as("f32", Uint8Array),
  i2: as("f32", Int16Array),
  u2: as("f32", Uint16Array),
  i4: as("f64", Int32Array),
  u4: as("f64", Uint32Array),
  i8: integers(BigInt64Array),
  u8: integers(BigUint64Array),
};

/** What NumPy's description of a dtype means: order of bytes, kind, size. */
export function elementType(source: Source, descr: string): ElementType {
  const [, order, code = "", kind = "", size] = /^([<>|])(([A-Za-z])([0-9]*)).*$/.exec(descr) ?? [];
  const itemSize = Number(size);
  // The order says nothing about single bytes, and everything about others.
  const known = Object.hasOwn(READERS, code) && descr.length === 3 && (order !== "|" || itemSize === 1);
  if (!known) refusedDType(source, descr, kind);
  return { itemSize, bigEndian: order === ">", ...READERS[code]! };
}

/** `size` elements that start at `offset` of the source. May share its memory. */
export function readElements(source: Source, type: ElementType, offset: number, size: number): Values {
  const { itemSize, bigEndian } = type;
  const { buffer, byteOffset } = source.bytes;
  const start = byteOffset + offset;
  if (!bigEndian && start % itemSize === 0) return type.values(source, buffer, start, size);
  const copy = source.bytes.slice(offset, offset + size * itemSize);
  if (bigEndian) for (let i = 0; i < copy.length; i += itemSize) copy.subarray(i, i + itemSize).reverse();
  return type.values(source, copy.buffer, 0, size);
}

const EXACT = 2n ** 53n;

function exact(source: Source, integers: BigInt64Array | BigUint64Array): Float64Array {
  const values = new Float64Array(integers.length);
  for (let i = 0; i < values.length; i++) {
    const value = integers[i]!;
    if (value > EXACT || value < -EXACT) inexactInteger(source, i, value);
    values[i] = Number(value);
  }
  return values;
}

/**
 * Half precision: 1 sign, 5 exponent and 10 fraction bits. Moved to where a float has them, the number is too small by
 * the difference of the exponents' biases, 127 − 15, also where it is subnormal.
 */
function halves(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const magnitude = (half & 0x7fff) << 13;
    const special = (half & 0x7c00) === 0x7c00;
    bits[i] = ((half & 0x8000) << 16) | magnitude | (special ? 0x7f800000 : 0);
    if (!special) values[i]! *= 2 ** 112;
  }
  return values;
}
