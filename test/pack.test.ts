/** The kernel's packing: what scripts/pack.ts writes, the unpacker reads. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pack } from "../scripts/pack.ts";
import { inlined } from "../src/kernel-bytes.ts";
import { bytesOf } from "./modules.ts";

const [unpacker, splitter] = ["unpacker", "splitter"].map(
  (name) => new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url))),
) as [WebAssembly.Module, WebAssembly.Module];

interface Exports {
  memory: WebAssembly.Memory;
  unpack(text: number, out: number, size: number): void;
  split(module: number, size: number, out: number): number;
}

function load(module: WebAssembly.Module, input: Uint8Array): Exports & { bytes: Uint8Array } {
  const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  const bytes = new Uint8Array(exports.memory.buffer);
  bytes.set(input);
  return { ...exports, bytes };
}

function unpack(text: string, size: number): Uint8Array {
  const { bytes, unpack } = load(unpacker, Buffer.from(text, "latin1"));
  unpack(0, text.length, size);
  return bytes.slice(text.length, text.length + size);
}

function split(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const { bytes, split } = load(splitter, module);
  return new Uint8Array(bytes.slice(module.length, split(0, module.length, module.length)));
}

const MULTIPLY_ADDS = [0x85, 0x86, 0x87, 0x88].map((low) => Buffer.from([0xfd, low, 2]));

/** How often the bytes of a relaxed multiply-add stand in a module, whatever they mean there. */
function multiplyAdds(module: Uint8Array): number {
  const text = Buffer.from(module).toString("latin1");
  return MULTIPLY_ADDS.reduce((sum, found) => sum + text.split(found.toString("latin1")).length - 1, 0);
}

/** A module whose functions "0" to "3" put a relaxed multiply-add of the vectors at 0, 16 and 32 at 48. */
function multiplyAdd(): Uint8Array {
  const vector = (offset: number) => [0x41, 0, 0xfd, 0, 0, offset];
  const body = (instruction: Uint8Array) => {
    const code = [0, 0x41, 0, ...vector(0), ...vector(16), ...vector(32), ...instruction, 0xfd, 11, 0, 48, 0x0b];
    return [code.length, ...code];
  };
  const section = (id: number, ...content: number[]) => [id, content.length, ...content];
  const names = MULTIPLY_ADDS.flatMap((_, i) => [1, 48 + i, 0, i]);
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([
    ...magic,
    ...section(1, 2, 0x60, 2, 0x7f, 0x7e, 1, 0x7f, 0x60, 0, 0),
    ...section(3, 4, 1, 1, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 5, 1, 109, 2, 0, ...names),
    ...section(10, 4, ...MULTIPLY_ADDS.flatMap(body)),
    ...section(11, 1, 0, 0x41, 0, 0x0b, 1, 7),
  ]);
}

/** Bytes of every kind, with runs and repetitions near and far. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]),
  fc
    .tuple(fc.nat(255), fc.integer({ min: 0, max: 2000 }))
    .map(([byte, count]) => new Array<number>(count).fill(byte)),
  fc.constantFrom([1, 2, 3], [0xfd, 0, 4], [255, 255, 255, 255, 255]),
);

describe("packed bytes", () => {
  const { packed } = inlined;

  test("are the same bytes again once unpacked", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
        const bytes = Uint8Array.from(list.flat());
        expect(Buffer.compare(unpack(pack(bytes), bytes.length), bytes)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test("are text that needs no escapes in double quotes", () => {
    expect(packed).toMatch(/^[0-[\]-p]+$/);
  });

  test("hold the relaxed build and the module that makes the simd build of it", () => {
    const modules = [bytesOf("relaxed"), readFileSync(new URL("../build/splitter.wasm", import.meta.url))];
    const bytes = Buffer.concat(modules);
    expect(inlined.sizes).toEqual(modules.map(({ length }) => length));
    expect(Buffer.compare(unpack(packed, bytes.length), bytes)).toBe(0);
    expect((packed.length * 6) / 8).toBeLessThan(bytes.length / 5);
  });
});

describe("the simd build", () => {
  test("is the relaxed build with each multiply-add in two instructions", () => {
    expect(Buffer.compare(split(bytesOf("relaxed")), bytesOf("simd"))).toBe(0);
    expect(multiplyAdds(bytesOf("simd"))).toBe(0);
  });

  test("is made by bytes that stand for a multiply-add wherever they are found", () => {
    const [disassembler, file] = ["node_modules/binaryen/bin/wasm-dis", "build/kernel.relaxed.wasm"].map((name) =>
      fileURLToPath(new URL(`../${name}`, import.meta.url)),
    );
    const text = execFileSync(process.execPath, [disassembler!, "--all-features", file!], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    expect(multiplyAdds(bytesOf("relaxed"))).toBe(text.match(/relaxed_n?madd/g)!.length);
  });

  test("rounds twice, in f32 and f64, c + a·b and c − a·b", () => {
    const exports = new WebAssembly.Instance(new WebAssembly.Module(split(multiplyAdd())), {}).exports;
    const memory = (exports.m as WebAssembly.Memory).buffer;
    const run = <V extends Float32Array | Float64Array>(name: string, values: V, x: number): number => {
      values.set(Array.from(values, (_, i) => (i < (2 * 16) / values.BYTES_PER_ELEMENT ? x : -1)));
      (exports[name] as () => void)();
      return values[48 / values.BYTES_PER_ELEMENT]!;
    };
    const [single, double] = [1 + 2 ** -12, 1 + 2 ** -27];
    expect(run("0", new Float32Array(memory, 0, 16), single)).toBe(2 ** -11);
    expect(run("1", new Float32Array(memory, 0, 16), single)).toBe(-2 - 2 ** -11);
    expect(run("2", new Float64Array(memory, 0, 8), double)).toBe(2 ** -26);
    expect(run("3", new Float64Array(memory, 0, 8), double)).toBe(-2 - 2 ** -26);
  });
});
