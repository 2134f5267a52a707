/**
 * Who owns which bytes of the kernel's linear memory.
 *
 * Memory from the heap's base on is one chain of blocks without gaps, free or taken:
 *
 *   heapBase │ taken │ free │ taken │ taken │ free …        │ end of memory
 *
 * A freed block joins its free neighbours at once, so when everything is freed one block is left.
 * Free blocks wait in bins by size: multiples of 16 bytes up to 1 KB have a bin each, larger ones four
 * bins for each doubling. A bitmap finds the first bin that fits (the idea of TLSF: Masmano, Ripoll,
 * Crespo, Real, 2004).
 */
import { outOfMemory } from "./check.ts";

/** What the allocator needs of a kernel. */
export interface Heap {
  readonly buffer: ArrayBuffer;
  readonly heapBase: number;
  grow(pages: number): boolean;
}

/** A run of bytes, `offset` a multiple of 16. Given back, it means nothing any more to who had it. */
export interface Block {
  offset: number;
  size: number;
  free: boolean;
  previous: Block | undefined;
  next: Block | undefined;
  /** Place in its bin while free. */
  place: number;
}

const ALIGNMENT = 16;
const PAGE = 65536;
const SMALL = 1024;
const SMALL_BINS = SMALL / ALIGNMENT + 1;
const BINS = SMALL_BINS + 4 * 22;
/** Growing beyond what is needed saves later growths: as much again, up to this. */
const MOST_SPARE = 16 * 1024 * 1024;
/** Linear memory ends where 32-bit addresses do. */
export const ADDRESSABLE = 65536 * PAGE;

/** The allocator over one kernel's memory, and fresh views of it. */
export class Memory {
  readonly #heap: Heap;
  readonly #bins: Block[][] = Array.from({ length: BINS }, () => []);
  readonly #filled = new Int32Array(Math.ceil(BINS / 32));
  #last: Block | undefined;
  #end: number;
  #u8!: Uint8Array;
  #f32!: Float32Array;
  #f64!: Float64Array;
  #u32!: Uint32Array;
  #scratch: Block | undefined;
  /** Bytes in taken blocks, without scratch. */
  used = 0;
  /** Taken blocks, without scratch. */
  count = 0;

  /** Bytes of linear memory never to be exceeded. */
  limit: number;

  constructor(heap: Heap, limit: number = ADDRESSABLE) {
    this.#heap = heap;
    this.limit = limit;
    this.#end = align(heap.heapBase);
    this.#renew();
    this.#append(Math.floor((this.total - this.#end) / ALIGNMENT) * ALIGNMENT);
  }

  /** Bytes of linear memory that the host has given so far. */
  get total(): number {
    return this.#heap.buffer.byteLength;
  }

  /** Bytes kept for kernels to work in. */
  get scratchSize(): number {
    return this.#scratch?.size ?? 0;
  }

  get u8(): Uint8Array {
    this.#refresh();
    return this.#u8;
  }

  get u32(): Uint32Array {
    this.#refresh();
    return this.#u32;
  }

  get f32(): Float32Array {
    this.#refresh();
    return this.#f32;
  }

  get f64(): Float64Array {
    this.#refresh();
    return this.#f64;
  }

  /** Growth, also by someone else, detaches old views, which empties them. Asking the heap costs ten times as much. */
  #refresh(): void {
    if (this.#u8.length === 0) this.#renew();
  }

  #renew(): void {
    const { buffer } = this.#heap;
    this.#u8 = new Uint8Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#u32 = new Uint32Array(buffer);
  }

  /** A block of at least `bytes`, contents undefined. `who` asks, for the error when memory is exhausted. */
  allocate(bytes: number, who: string): Block {
    const block = this.#take(bytes, who);
    this.used += block.size;
    this.count++;
    return block;
  }

  /** Gives a block back. */
  release(block: Block): void {
    this.used -= block.size;
    this.count--;
    this.#give(block);
  }

  /** Address of at least `bytes` to work in until the next call of `scratch`. */
  scratch(bytes: number, who: string): number {
    if (this.#scratch && this.#scratch.size >= bytes) return this.#scratch.offset;
    const old = this.#scratch;
    this.#scratch = undefined;
    if (old) this.#give(old);
    this.#scratch = this.#take(bytes, who);
    return this.#scratch.offset;
  }

  #take(bytes: number, who: string): Block {
    const size = Math.max(align(bytes), ALIGNMENT);
    const found = this.#find(size) ?? this.#extend(size, who);
    if (found.size === size) {
      this.#unlist(found);
      found.free = false;
      return found;
    }
    // What is left stays the free block that it was, in its bin if possible: that is much cheaper.
    const { offset, previous } = found;
    const block: Block = { offset, size, free: false, previous, next: found, place: 0 };
    if (previous) previous.next = block;
    found.previous = block;
    this.#resize(found, offset + size, found.size - size);
    return block;
  }

  #give(block: Block): void {
    const { previous, next } = block;
    if (next?.free) {
      this.#absorb(next, block);
      if (!previous?.free) return;
      this.#unlist(previous);
      this.#absorb(next, previous);
    } else if (previous?.free) {
      this.#absorb(previous, block);
    } else {
      block.free = true;
      this.#list(block);
    }
  }

  /** Lets a free block swallow a neighbour. */
  #absorb(block: Block, neighbour: Block): void {
    const { previous, next } = neighbour;
    if (previous) previous.next = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    this.#resize(block, Math.min(block.offset, neighbour.offset), block.size + neighbour.size);
  }

  /** Gives a free block new bounds, and another bin where it needs one. */
  #resize(block: Block, offset: number, size: number): void {
    const stays = binOf(size) === binOf(block.size);
    if (!stays) this.#unlist(block);
    block.offset = offset;
    block.size = size;
    if (!stays) this.#list(block);
  }

  /** A free block of at least `size`, if there is one. */
  #find(size: number): Block | undefined {
    if (size >= ADDRESSABLE) return undefined;
    const bin = binOf(size);
    if (bin >= SMALL_BINS) {
      const fitting = this.#bins[bin]!.find((block) => block.size >= size);
      if (fitting) return fitting;
    } else if (this.#bins[bin]!.length > 0) {
      return this.#bins[bin]!.at(-1);
    }
    // Every block of a higher bin fits.
    let word = (bin + 1) >> 5;
    let bits = this.#filled[word]! & (-1 << ((bin + 1) & 31));
    while (bits === 0 && ++word < this.#filled.length) bits = this.#filled[word]!;
    if (bits === 0 || bits === undefined) return undefined;
    return this.#bins[word * 32 + 31 - Math.clz32(bits & -bits)]!.at(-1);
  }

  /** Grows the memory until its last block is free and holds `size`. */
  #extend(size: number, who: string): Block {
    const have = this.#last?.free ? this.#last.size : 0;
    const pages = Math.ceil((size - have) / PAGE);
    const spare = Math.floor(Math.min(this.total, MOST_SPARE) / PAGE);
    const room = Math.floor((this.limit - this.total) / PAGE);
    const generous = Math.min(Math.max(pages, spare), room);
    if (pages > room || !(this.#heap.grow(generous) || this.#heap.grow(pages))) {
      outOfMemory(who, size, this.used, this.count, this.limit);
    }
    // Shared memory grows without detaching the views of its former size.
    this.#renew();
    this.#append(this.total - this.#end);
    return this.#last!;
  }

  /** Adds `size` new bytes at the end as free memory. */
  #append(size: number): void {
    const block: Block = { offset: this.#end, size, free: true, previous: this.#last, next: undefined, place: 0 };
    this.#end += size;
    if (this.#last) this.#last.next = block;
    this.#last = block;
    this.#give(block);
  }

  #list(block: Block): void {
    const bin = binOf(block.size);
    block.place = this.#bins[bin]!.push(block) - 1;
    this.#filled[bin >> 5]! |= 1 << (bin & 31);
  }

  #unlist(block: Block): void {
    const bin = binOf(block.size);
    const blocks = this.#bins[bin]!;
    const moved = blocks.pop()!;
    if (moved !== block) {
      blocks[block.place] = moved;
      moved.place = block.place;
    }
    if (blocks.length === 0) this.#filled[bin >> 5]! &= ~(1 << (bin & 31));
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Bin of a size: exact up to SMALL, then by the power of two and the next two bits. */
function binOf(size: number): number {
  if (size <= SMALL) return size / ALIGNMENT;
  const power = 31 - Math.clz32(size);
  const quarter = (size >>> (power - 2)) - 4;
  return SMALL_BINS + 4 * (power - 10) + quarter;
}
