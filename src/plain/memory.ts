/**
 * Linear memory without WebAssembly: one ArrayBuffer that grows by pages, and its elements from an address on.
 *
 * Pointers end here. The functions of this folder get arrays whose element 0 is what the pointer points at, compute with
 * double precision whatever the array holds, and leave the rounding to the array.
 */
import type { DType } from "../abi.ts";

/** The elements from an address on: what a function reads and writes, in either dtype. */
export type Numbers = Float32Array | Float64Array;

const PAGE = 65536;
/** As many as 32-bit addresses reach. */
const MOST_PAGES = 65536;

/** Bytes of an element. */
export const sizeOf: Record<DType, number> = { f32: 4, f64: 8 };

const TYPES = { f32: Float32Array, f64: Float64Array };

/** What functions use of WebAssembly.Memory. */
export class LinearMemory {
  #buffer = new ArrayBuffer(PAGE);

  /** All bytes there are; growing replaces and detaches it. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /** Adds pages of 64 KB, all zeros; returns how many there were. @throws RangeError where the host has no more. */
  grow(pages: number): number {
    const old = this.#buffer.byteLength / PAGE;
    // Addresses have 32 bits: more is refused in the words of the host, as an impossible length.
    this.#buffer = enlarged(this.#buffer, old + pages > MOST_PAGES ? -1 : (old + pages) * PAGE);
    return old;
  }

  /** The elements from address p on. */
  numbers(dtype: DType, p: number): Numbers {
    if (p % sizeOf[dtype] !== 0) return unaligned<Numbers>(dtype, this.#buffer, p);
    return new TYPES[dtype](this.#buffer, p);
  }

  /** Scratch in double precision from address p on, or a little further: see `scratchFor`. */
  scratch(p: number): Float64Array {
    return new Float64Array(this.#buffer, Math.ceil(p / 8) * 8);
  }

  /** The same memory in words of 32 bits. */
  words(p: number): Uint32Array {
    if (p % 4 !== 0) return unaligned("u32", this.#buffer, p);
    return new Uint32Array(this.#buffer, p);
  }
}

/** Bytes of scratch that hold so many numbers of double precision, wherever the scratch begins. */
export function scratchFor(count: number): number {
  return 8 * count + 7;
}

/** The same bytes and zeros in a buffer of another length; the old one is detached, so that nobody goes on using it. */
function enlarged(old: ArrayBuffer, length: number): ArrayBuffer {
  const { transfer } = old as { transfer?: (length: number) => ArrayBuffer };
  if (transfer) return transfer.call(old, length);
  const bytes = new Uint8Array(length);
  bytes.set(new Uint8Array(old));
  if (typeof structuredClone === "function") structuredClone(old, { transfer: [old] });
  return bytes.buffer;
}

/** An element of each kind through a DataView, which asks for no alignment. */
const ACCESS = {
  f32: { size: 4, get: DataView.prototype.getFloat32, set: DataView.prototype.setFloat32 },
  f64: { size: 8, get: DataView.prototype.getFloat64, set: DataView.prototype.setFloat64 },
  u32: { size: 4, get: DataView.prototype.getUint32, set: DataView.prototype.setUint32 },
};
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** What behaves like the elements from p on where no typed array can begin: right, and slow. Only strangers need it. */
function unaligned<A extends Numbers | Uint32Array>(kind: keyof typeof ACCESS, buffer: ArrayBuffer, p: number): A {
  const { size, get, set } = ACCESS[kind];
  const view = new DataView(buffer);
  return new Proxy({} as A, {
    get: (_, key) => {
      if (key === "subarray") return (i: number) => unaligned<A>(kind, buffer, p + size * i);
      return get.call(view, p + size * Number(key), LITTLE_ENDIAN);
    },
    set: (_, key, value) => {
      set.call(view, p + size * Number(key), value, LITTLE_ENDIAN);
      return true;
    },
  });
}
