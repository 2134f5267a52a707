import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Block, Memory } from "../src/memory.ts";
import { MockHeap, PAGE } from "./mock-heap.ts";

const MEBIBYTE = 1024 * 1024;

/** Bytes between the blocks, and between them and the ends. */
function gaps(blocks: Block[], from: number, to: number): number[] {
  const ordered = [...blocks].sort((a, b) => a.offset - b.offset);
  const starts = [...ordered.map((block) => block.offset), to];
  const ends = [from, ...ordered.map((block) => block.offset + block.size)];
  return starts.map((start, i) => start - ends[i]!);
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 100_000 }),
);

/** A number of bytes to take, or the place, from 0 to 1, of a live block to give back. */
const step = fc.oneof(
  { weight: 3, arbitrary: sizes.map((take) => ({ take })) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 0.999, noNaN: true }).map((give) => ({ give })) },
);

describe("the allocator", () => {
  test("gives aligned blocks that never overlap, counts them, and grows only when no gap would do", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 0, max: 2000 }), (steps, heapBase) => {
        const heap = new MockHeap(1, heapBase);
        const memory = new Memory(heap);
        const live: Block[] = [];
        for (const act of steps) {
          const from = Math.ceil(heapBase / 16) * 16;
          const before = gaps(live, from, heap.buffer.byteLength);
          const growths = heap.asked.length;
          if ("take" in act) {
            const block = memory.allocate(act.take, "test");
            live.push(block);
            expect(block.size).toBeGreaterThanOrEqual(act.take);
            expect(block.size).toBeLessThan(Math.max(act.take, 1) + 16);
            expect(heap.asked.length > growths).toBe(before.every((gap) => gap < block.size));
          } else if (live.length > 0) {
            memory.release(live.splice(Math.floor(act.give * live.length), 1)[0]!);
            expect(heap.asked.length).toBe(growths);
          }
          expect(live.filter((block) => block.offset % 16 !== 0 || block.offset < heapBase)).toEqual([]);
          expect(gaps(live, from, heap.buffer.byteLength).filter((gap) => gap < 0)).toEqual([]);
          expect(memory.used).toBe(live.reduce((sum, block) => sum + block.size, 0));
          expect(memory.count).toBe(live.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is one free block again after everything was given back, in whatever order", () => {
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat()), (takes, order) => {
        const heap = new MockHeap(1, 80);
        const memory = new Memory(heap);
        const round = (): number[] => {
          const blocks = takes.map((bytes) => memory.allocate(bytes, "test"));
          const addresses = blocks.map((block) => block.offset);
          while (blocks.length > 0) memory.release(blocks.splice(order.next().value! % blocks.length, 1)[0]!);
          return addresses;
        };
        round();
        const { total } = memory;
        const addresses = round();
        expect(round()).toEqual(addresses);
        const whole = memory.allocate(total - 80, "test");
        expect([whole.offset, whole.size, memory.total]).toEqual([80, total - 80, total]);
        expect([memory.used, memory.count]).toEqual([total - 80, 1]);
      }),
      { numRuns: 40 },
    );
  });

  test("takes the smaller of two gaps that both fit", () => {
    const memory = new Memory(new MockHeap(4, 0));
    const [large, , small] = [40_000, 16, 3000, 16].map((bytes) => memory.allocate(bytes, "test"));
    const offsets = [small!.offset, large!.offset];
    memory.release(large!);
    memory.release(small!);
    expect([2500, 2500].map((bytes) => memory.allocate(bytes, "test").offset)).toEqual(offsets);
  });

  test("wastes nothing of a gap that is 16 bytes too large", () => {
    const memory = new Memory(new MockHeap(1, 0));
    const [gap] = [48, 16].map((bytes) => memory.allocate(bytes, "test"));
    memory.release(gap!);
    expect([32, 16].map((bytes) => memory.allocate(bytes, "test").offset)).toEqual([0, 32]);
  });

  test("leaves contents alone where others take and give", () => {
    const memory = new Memory(new MockHeap(1, 16));
    const kept = memory.allocate(64, "test");
    memory.u8.fill(7, kept.offset, kept.offset + 64);
    for (let i = 1; i < 50; i++) memory.release(memory.allocate(i * 5000, "test"));
    expect([...memory.u8.subarray(kept.offset, kept.offset + 64)]).toEqual(new Array(64).fill(7));
  });

  test.each([
    ["that ends where the memory does", PAGE],
    ["just before the end of the memory", PAGE - 8],
  ])("starts with a heap base %s", (_, heapBase) => {
    const heap = new MockHeap(1, heapBase);
    const memory = new Memory(heap);
    expect(memory.allocate(1, "test").offset).toBe(PAGE);
    expect(heap.asked.length).toBe(1);
  });
});

describe("growth", () => {
  test("asks for as much again, at most 16 MiB more than is needed", () => {
    const heap = new MockHeap(2, 0);
    const memory = new Memory(heap);
    memory.allocate(2 * PAGE, "test");
    memory.allocate(1, "test");
    expect(heap.asked).toEqual([2]);
    memory.allocate(20 * MEBIBYTE, "test");
    memory.allocate(MEBIBYTE, "test");
    expect(heap.asked.slice(1)).toEqual([(20 * MEBIBYTE) / PAGE - 1, 256]);
  });

  test("counts the free end of the memory as part of what is needed", () => {
    const heap = new MockHeap(1, 0);
    const memory = new Memory(heap);
    memory.allocate(16, "test");
    expect(memory.allocate(2 * PAGE - 16, "test").offset).toBe(16);
    expect(heap.asked).toEqual([1]);
  });

  test("settles for what is needed where the host refuses more", () => {
    const heap = new MockHeap(4, 0);
    heap.most = 1;
    const memory = new Memory(heap);
    memory.allocate(4 * PAGE, "test");
    expect(memory.allocate(PAGE, "test").offset).toBe(4 * PAGE);
    expect(heap.asked).toEqual([4, 1]);
  });

  test("stops at the limit and not before it", () => {
    const heap = new MockHeap(1, 0);
    const memory = new Memory(heap, 3 * PAGE);
    memory.allocate(PAGE, "test");
    memory.allocate(2 * PAGE, "test");
    expect(memory.total).toBe(3 * PAGE);
    expect(() => memory.allocate(1, "test")).toThrow(RangeError);
    memory.limit = 4 * PAGE;
    expect(memory.allocate(1, "test").offset).toBe(3 * PAGE);
    expect([memory.limit, memory.total]).toEqual([4 * PAGE, 4 * PAGE]);
  });

  test.each<[string, (memory: Memory, heap: MockHeap) => unknown]>([
    ["the limit", (memory) => (memory.limit = 2 * PAGE)],
    ["a limit below what there is", (memory) => (memory.limit = PAGE)],
    ["the host", (_, heap) => (heap.most = 0)],
  ])("refused by %s changes nothing but raises the error", (_, refuse) => {
    const heap = new MockHeap(2, 0);
    const memory = new Memory(heap);
    const block = memory.allocate(PAGE, "test");
    refuse(memory, heap);
    expect(() => memory.allocate(PAGE + 16, "test")).toThrow("test: out of memory: 65552 bytes are needed");
    expect([memory.used, memory.count, memory.total]).toEqual([PAGE, 1, 2 * PAGE]);
    expect(memory.allocate(PAGE, "test").offset).toBe(PAGE);
    memory.release(block);
    expect(memory.allocate(PAGE, "test").offset).toBe(0);
  });

  test.each([2 ** 32, 2 ** 33, 2 ** 53])("of %d bytes is refused, being beyond all addresses", (bytes) => {
    const heap = new MockHeap(1, 16);
    const memory = new Memory(heap);
    expect(() => memory.allocate(bytes, "test")).toThrow(`test: out of memory: ${bytes} bytes are needed`);
    expect(() => memory.scratch(bytes, "test")).toThrow(`test: out of memory: ${bytes} bytes are needed`);
    expect([heap.asked, memory.count]).toEqual([[], 0]);
  });

  test("by the allocator or by someone else gives fresh views with the old contents", () => {
    const heap = new MockHeap(1, 0);
    const memory = new Memory(heap);
    memory.f64[2] = 1.5;
    const names = ["u8", "u32", "f32", "f64"] as const;
    for (const grow of [() => memory.allocate(3 * PAGE, "test"), () => heap.expand(2)]) {
      const old = names.map((name) => memory[name]);
      grow();
      expect(old.map((view) => view.length)).toEqual([0, 0, 0, 0]);
      expect(names.map((name) => memory[name].byteLength)).toEqual(names.map(() => memory.total));
      expect(names.every((name) => memory[name].buffer === heap.buffer)).toBe(true);
      expect(memory.f64[2]).toBe(1.5);
    }
  });

  test("keeps one view for each element type between growths", () => {
    const memory = new Memory(new MockHeap(1, 0));
    expect(memory.f32).toBe(memory.f32);
  });
});

describe("scratch", () => {
  test("stays where it is while it is large enough, and is counted apart", () => {
    const memory = new Memory(new MockHeap(1, 0));
    const first = memory.scratch(1000, "test");
    expect(memory.scratch(10, "test")).toBe(first);
    expect(memory.scratch(1000, "test")).toBe(first);
    expect([memory.scratchSize, memory.used, memory.count]).toEqual([1008, 0, 0]);
  });

  test("gives the old place back before it takes a larger one", () => {
    const heap = new MockHeap(1, 0);
    const memory = new Memory(heap);
    for (let bytes = 16; bytes <= PAGE; bytes += 16) memory.scratch(bytes, "test");
    expect([memory.total, memory.scratchSize, heap.asked]).toEqual([PAGE, PAGE, []]);
  });

  test("never shares bytes with a block", () => {
    const memory = new Memory(new MockHeap(2, 0));
    const offset = memory.scratch(512, "test");
    const blocks = [16, 512, 4096].map((bytes) => memory.allocate(bytes, "test"));
    expect(blocks.filter((block) => block.offset < offset + 512 && offset < block.offset + block.size)).toEqual([]);
  });

  test("that cannot be had leaves what is in use as it was, and can be asked for again", () => {
    const memory = new Memory(new MockHeap(1, 0), PAGE);
    memory.allocate(PAGE / 2, "test");
    memory.scratch(16, "test");
    expect(() => memory.scratch(PAGE, "kernel")).toThrow("kernel: out of memory: 65536 bytes are needed");
    expect([memory.used, memory.count, memory.scratchSize]).toEqual([PAGE / 2, 1, 0]);
    memory.scratch(PAGE / 2, "test");
    expect(memory.scratchSize).toBe(PAGE / 2);
  });
});
