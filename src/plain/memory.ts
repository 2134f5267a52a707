/**
 * Linear memory without WebAssembly: one ArrayBuffer that grows by pages, seen as elements.
 *
 * Addresses end here. The functions of this folder get pointers into elements, from which strides may lead either way;
 * they compute in double precision whatever the elements are, and leave the rounding to the array.
 */
import type { DType } from "../abi.ts";

/** Elements of either dtype. */
export type Numbers = Float32Array | Float64Array;

/** Where an operand begins: at an index of the elements that all memory is. */
export interface Pointer<Elements = Numbers> {
  readonly memory: Elements;
  readonly at: number;
}

/** The pointer `count` elements further. */
export function after(pointer: Pointer, count: number): Pointer {
  return { memory: pointer.memory, at: pointer.at + count };
}

/** A pointer to the first element of an array. */
export function startOf(memory: Float64Array): Pointer {
  return { memory, at: 0 };
}

const PAGE = 65536;

/** What functions use of WebAssembly.Memory. */
export class LinearMemory {
  #buffer = new ArrayBuffer(PAGE);
  #f32 = new Float32Array(this.#buffer);
  #f64 = new Float64Array(this.#buffer);
  #u32 = new Uint32Array(this.#buffer);

  /** All bytes there are; growing replaces and detaches it. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /** Adds pages of 64 KB, all zeros; returns how many there were. @throws RangeError where the host has no more. */
  grow(pages: number): number {
    const old = this.#buffer.byteLength / PAGE;
    this.#buffer = enlarged(this.#buffer, (old + pages) * PAGE);
    this.#f32 = new Float32Array(this.#buffer);
    this.#f64 = new Float64Array(this.#buffer);
    this.#u32 = new Uint32Array(this.#buffer);
    return old;
  }

  /** The element at an address. */
  pointer(dtype: DType, address: number): Pointer {
    if (dtype === "f32") return pointerTo("f32", this.#f32, address);
    return pointerTo("f64", this.#f64, address);
  }

  /** The 32-bit word at an address. */
  words(address: number): Pointer<Uint32Array> {
    return pointerTo("u32", this.#u32, address);
  }

  /** Scratch in double precision from an address on, or a little further: see `scratchFor`. */
  scratch(address: number): Float64Array {
    return this.#f64.subarray(Math.ceil(address / 8));
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

/** The element at an address of memory that is seen as `memory`. */
function pointerTo<A extends Numbers | Uint32Array>(
  kind: keyof typeof ACCESS,
  memory: A,
  address: number,
): Pointer<A> {
  const at = address / memory.BYTES_PER_ELEMENT;
  return Number.isInteger(at) ? { memory, at } : { memory: unaligned(kind, memory.buffer, address), at: 0 };
}

/** What behaves like elements around an address at which no typed array has one: right, and slow. Only strangers need it. */
function unaligned<A extends Numbers | Uint32Array>(
  kind: keyof typeof ACCESS,
  buffer: A["buffer"],
  address: number,
): A {
  const { size, get, set } = ACCESS[kind];
  const view = new DataView(buffer);
  return new Proxy({} as A, {
    get: (_, i) => get.call(view, address + size * Number(i), LITTLE_ENDIAN),
    set: (_, i, value) => {
      set.call(view, address + size * Number(i), value, LITTLE_ENDIAN);
      return true;
    },
  });
}
