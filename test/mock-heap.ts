/** A linear memory that counts its growths, may refuse them, and detaches its buffer as the real one does. */
import type { Heap } from "../src/memory.ts";

export const PAGE = 65536;

export class MockHeap implements Heap {
  buffer: ArrayBuffer;
  readonly heapBase: number;
  /** Pages asked for, refused ones included. */
  readonly asked: number[] = [];
  /** Pages of one growth that are still given. */
  most = Number.POSITIVE_INFINITY;

  constructor(pages: number, heapBase: number) {
    this.buffer = new ArrayBuffer(pages * PAGE);
    this.heapBase = heapBase;
  }

  grow(pages: number): boolean {
    this.asked.push(pages);
    if (pages > this.most) return false;
    this.expand(pages);
    return true;
  }

  /** Grows without being asked by the allocator. */
  expand(pages: number): void {
    const old = structuredClone(this.buffer, { transfer: [this.buffer] });
    const next = new ArrayBuffer(old.byteLength + pages * PAGE);
    new Uint8Array(next).set(new Uint8Array(old));
    this.buffer = next;
  }
}
