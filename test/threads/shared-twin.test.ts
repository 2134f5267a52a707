/** The twin of each build: the same code, over memory that it imports. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sharedTwin } from "../../src/shared-twin.ts";
import { bytesOf } from "../modules.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A LEB128 number and where the next byte is. */
function leb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; ; i++) {
    const byte = bytes[at + i]!;
    value += (byte & 127) * 128 ** i;
    if (byte < 128) return [value, at + i + 1];
  }
}

/** The sections of a module: number and digest of the content. */
function sections(bytes: Uint8Array): { id: number; digest: string }[] {
  const found: { id: number; digest: string }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = leb(bytes, at + 1);
    found.push({
      id: bytes[at]!,
      digest: createHash("sha256")
        .update(bytes.subarray(start, start + size))
        .digest("hex"),
    });
    at = start + size;
  }
  return found;
}

function shared(initial = 16): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial, maximum: 100, shared: true });
}

describe.each(["simd", "relaxed"] as const)("of the %s build", (build) => {
  const original = bytesOf(build);
  const twin = sharedTwin(original);

  test("is a valid module that imports env.memory and nothing else", () => {
    expect(WebAssembly.validate(twin)).toBe(true);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(twin))).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });

  test("takes shared memory of any maximum, and no other", () => {
    const module = new WebAssembly.Module(twin);
    const over = (memory: WebAssembly.Memory) => new WebAssembly.Instance(module, { env: { memory } });
    const memory = shared();
    expect(over(memory).exports.memory).toBe(memory);
    over(new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }));
    over(new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true }));
    expect(() => over(new WebAssembly.Memory({ initial: 16, maximum: 100 }))).toThrow(WebAssembly.LinkError);
  });

  test("exports what the build exports", () => {
    const exported = (code: Bytes) => WebAssembly.Module.exports(new WebAssembly.Module(code));
    expect(exported(twin)).toEqual(exported(original));
  });

  test("has the build's sections byte for byte, but for the memory's and the import's", () => {
    const [before, after] = [sections(original), sections(twin)];
    expect(after.filter(({ id }) => id !== 2)).toEqual(before.filter(({ id }) => id !== 5));
    expect(after.filter(({ id }) => id === 2).length).toBe(1);
    expect(after.some(({ id }) => id === 10)).toBe(true);
  });

  test("does not change the bytes that it was made of", () => {
    const copy = original.slice();
    sharedTwin(copy);
    expect(Buffer.from(copy).equals(Buffer.from(original))).toBe(true);
  });

  test("computes what the build computes", () => {
    const own = new WebAssembly.Instance(new WebAssembly.Module(original), {});
    const memory = shared();
    const twinned = new WebAssembly.Instance(new WebAssembly.Module(twin), { env: { memory } });
    const results = [own, twinned].map(({ exports }) => {
      const { gemm_f64, sigmoid_f64, gemm_scratch_f64, __heap_base, memory } = exports as never as {
        gemm_f64(...values: number[]): void;
        sigmoid_f64(...values: number[]): void;
        gemm_scratch_f64(m: number, n: number, k: number): number;
        __heap_base: WebAssembly.Global;
        memory: WebAssembly.Memory;
      };
      if (memory.buffer.byteLength < 2 ** 20) memory.grow(16);
      const base = Math.ceil((__heap_base.value as number) / 16) * 16;
      const values = new Float64Array(memory.buffer, base, 300);
      for (let i = 0; i < 200; i++) values[i] = ((i * 37) % 101) / 17 - 3;
      const at = (index: number) => base + 8 * index;
      expect(gemm_scratch_f64(10, 10, 10)).toBeLessThan(2 ** 18);
      gemm_f64(10, 10, 10, at(0), 10, 1, at(100), 1, 10, 1, 0, at(200), 10, 1, at(400));
      sigmoid_f64(1, 100, at(200), 100, 1, at(200), 100, 1);
      return Array.from(values);
    });
    expect(results[1]).toEqual(results[0]);
    expect(new Set(results[0]!.slice(200)).size).toBeGreaterThan(20);
  });
});

// ---- modules that other tools may write --------------------------------------------------------------

/** A LEB128 number in `length` bytes, more than it needs. */
function padded(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => ((value >> (7 * i)) & 127) | (i + 1 < length ? 128 : 0));
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A section with a size of `length` bytes. */
function section(id: number, content: number[], length = 1): number[] {
  return [id, ...padded(content.length, length), ...content];
}

const TYPE = [1, 0x60, 0, 1, 0x7f];
const FUNCTION = [1, 0];
const MEMORY = [1, 0, 2];
const EXPORT = [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0];
/** memory.size */
const CODE = [1, 4, 0, 0x3f, 0, 0x0b];
const NOTE = section(0, [1, 0x78, 5, 5, 5]);

describe("the twin of a module", () => {
  const withMemory = (memory: number[]) => plain.map((part) => (part[0] === 5 ? memory : part));
  const plain = [section(1, TYPE), section(3, FUNCTION), section(5, MEMORY), section(7, EXPORT), section(10, CODE)];

  test.each<[string, number[][]]>([
    ["as it is usually written", plain],
    [
      "whose sizes have more bytes than they need",
      [
        section(1, TYPE, 5),
        section(3, FUNCTION, 2),
        section(5, MEMORY, 5),
        section(7, EXPORT, 3),
        section(10, CODE, 4),
      ],
    ],
    ["whose memory's pages have more bytes than they need", withMemory(section(5, [1, 0, ...padded(2, 3)]))],
    ["whose number of memories has more bytes than it needs", withMemory(section(5, [...padded(1, 5), 0, 2]))],
    ["whose memory has a maximum", withMemory(section(5, [1, 1, 2, 9]))],
    ["with notes between all sections", [NOTE, ...plain.flatMap((part) => [part, NOTE])]],
    ["without types", [section(5, MEMORY), section(7, [1, 1, 0x6d, 2, 0])]],
  ])("%s imports at least its pages", (_, parts) => {
    const module = Uint8Array.from([...HEADER, ...parts.flat()]);
    expect(WebAssembly.validate(module)).toBe(true);
    const twin = sharedTwin(module);
    expect(WebAssembly.validate(twin)).toBe(true);
    const over = (initial: number) =>
      new WebAssembly.Instance(new WebAssembly.Module(twin), { env: { memory: shared(initial) } }).exports;
    const { f } = over(7) as { f?: () => number };
    if (f) expect(f()).toBe(7);
    over(2);
    expect(() => over(1)).toThrow(WebAssembly.LinkError);
  });

  test("of many pages imports as many", () => {
    const module = Uint8Array.from([...HEADER, ...section(5, [1, 0, ...padded(300, 2)])]);
    const module2 = new WebAssembly.Module(sharedTwin(module));
    const over = (initial: number) =>
      new WebAssembly.Instance(module2, {
        env: { memory: new WebAssembly.Memory({ initial, maximum: 400, shared: true }) },
      });
    over(300);
    expect(() => over(299)).toThrow(WebAssembly.LinkError);
  });
});
