/** The memory of the kernel in plain JavaScript: what WebAssembly.Memory does of it, and arrays from any address on. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { LinearMemory } from "../../src/plain/memory.ts";
import { dtypes, rounded } from "../compare.ts";

const PAGE = 65536;

/** What the newest engines move a buffer's bytes with, in terms of what all have. */
function transfer(this: ArrayBuffer, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  bytes.set(new Uint8Array(structuredClone(this, { transfer: [this] })));
  return bytes.buffer;
}

afterEach(() => vi.unstubAllGlobals());

describe.each(["transfer", "structuredClone", "neither"])("growing where buffers can be detached by %s", (way) => {
  function grown(act: (memory: LinearMemory) => void): void {
    const { prototype } = ArrayBuffer as unknown as { prototype: { transfer?: unknown } };
    const own = Object.getOwnPropertyDescriptor(prototype, "transfer");
    Object.defineProperty(prototype, "transfer", {
      value: way === "transfer" ? transfer : undefined,
      configurable: true,
    });
    if (way === "neither") vi.stubGlobal("structuredClone", undefined);
    try {
      act(new LinearMemory());
    } finally {
      if (own) Object.defineProperty(prototype, "transfer", own);
      else delete prototype.transfer;
    }
  }

  test("keeps all bytes, adds zeros and says how many pages there were", () => {
    grown((memory) => {
      const before = memory.buffer;
      const bytes = new Uint8Array(before);
      bytes.fill(7);
      expect(memory.grow(2)).toBe(1);
      expect(memory.grow(0)).toBe(3);
      const after = new Uint8Array(memory.buffer);
      expect(after.length).toBe(3 * PAGE);
      expect(after.every((byte, i) => byte === (i < PAGE ? 7 : 0))).toBe(true);
      if (way !== "neither") expect([before.byteLength, bytes.length]).toEqual([0, 0]);
    });
  });

  test("refuses more than the host has, and stays as it was", () => {
    grown((memory) => {
      new Uint8Array(memory.buffer)[5] = 9;
      expect(() => memory.grow(2 ** 36)).toThrow(RangeError);
      expect(memory.buffer.byteLength).toBe(PAGE);
      expect(new Uint8Array(memory.buffer)[5]).toBe(9);
    });
  });
});

test.each([0, 1, 2, 3, 4, 7, 8])("pointers lead both ways from %i bytes past a multiple of 8", (shift) => {
  const memory = new LinearMemory();
  const view = new DataView(memory.buffer);
  const address = 1024 + shift;
  for (const i of [-2, 0, 3]) {
    for (const dtype of dtypes) {
      const { memory: elements, at } = memory.pointer(dtype, address);
      elements[at + i] = 1.1 + i;
      const written =
        dtype === "f32" ? view.getFloat32(address + 4 * i, true) : view.getFloat64(address + 8 * i, true);
      expect([elements[at + i], written]).toEqual(Array(2).fill(rounded(dtype, 1.1 + i)));
    }
    const { memory: words, at } = memory.words(address);
    words[at + i] = 2 ** 32 - 1;
    expect([words[at + i], view.getUint32(address + 4 * i, true)]).toEqual([2 ** 32 - 1, 2 ** 32 - 1]);
  }
  expect(memory.scratch(address).byteOffset).toBe(1024 + 8 * Math.ceil(shift / 8));
});
