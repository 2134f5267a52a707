/** The kernel's packing: what scripts/pack.ts writes, the unpacker reads. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pack } from "../scripts/pack.ts";
import { packed } from "../src/kernel-bytes.ts";
import { bytesOf } from "./modules.ts";

const unpacker = new WebAssembly.Module(readFileSync(new URL("../build/unpacker.wasm", import.meta.url)));

interface Exports {
  memory: WebAssembly.Memory;
  unpack(text: number, out: number, size: number): void;
}

function unpack(text: string, size: number): Uint8Array {
  const { memory, unpack } = new WebAssembly.Instance(unpacker, {}).exports as unknown as Exports;
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(Buffer.from(text, "latin1"));
  unpack(0, text.length, size);
  return bytes.slice(text.length, text.length + size);
}

/** Bytes of every kind, with runs and repetitions near and far. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]),
  fc
    .tuple(fc.nat(255), fc.integer({ min: 0, max: 3000 }))
    .map(([byte, count]) => new Array<number>(count).fill(byte)),
  fc.constantFrom([1, 2, 3], [0xfd, 0, 4], [255, 255, 255, 255, 255]),
);

describe("packed bytes", () => {
  test("are the same bytes again once unpacked", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
        const bytes = Uint8Array.from(list.flat());
        expect(Buffer.compare(unpack(pack(bytes), bytes.length), bytes)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test("are text that needs no escapes in double quotes", () => {
    expect(pack(bytesOf("simd"))).toMatch(/^[0-[\]-p]+$/);
  });

  test("take less than a seventh of the bytes of both builds", () => {
    const bytes = Buffer.concat([bytesOf("relaxed"), bytesOf("simd")]);
    expect(packed).toBe(pack(bytes));
    expect((packed.length * 6) / 8).toBeLessThan(bytes.length / 7);
  });
});
