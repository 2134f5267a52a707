/** The shape of the module itself: what it imports, exports, and does when it is instantiated. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { modules } from "./load.ts";

/** Every name that exists for both dtypes, with its number of arguments. */
const generic: Record<string, number> = {
  copy: 8,
  take_columns: 9,
  gemm_scratch: 3,
  gemm: 15,
  add: 11,
  subtract: 11,
  multiply: 11,
  divide: 11,
  maximum: 11,
  minimum: 11,
  power: 11,
  equal: 11,
  less: 11,
  less_equal: 11,
  where: 9,
  negate: 8,
  absolute: 8,
  square_root: 8,
  exp: 8,
  log: 8,
  sigmoid: 8,
  sigmoid_derivative: 8,
  tanh: 8,
  tanh_derivative: 8,
  relu: 8,
  relu_derivative: 8,
  leaky_relu: 8,
  leaky_relu_derivative: 8,
  sum: 7,
  mean: 7,
  max: 7,
  min: 7,
  argmax: 7,
  dot: 5,
  find_non_finite: 5,
  find_non_class: 4,
  cross_entropy: 9,
  uniform: 6,
  normal: 6,
  logistic_block: 1,
  logistic_scratch: 1,
  logistic_gradient: 12,
  logistic_logits: 9,
  two_layer_block: 1,
  two_layer_scratch: 2,
  two_layer_gradient: 14,
  two_layer_logits: 11,
  softmax_block: 1,
  softmax_scratch: 2,
  softmax_gradient: 13,
  gradient_step: 9,
  adam_step: 12,
};

const functions: Record<string, number> = { random_words: 4, permutation: 4 };
for (const [name, arity] of Object.entries(generic)) {
  functions[`${name}_f32`] = arity;
  functions[`${name}_f64`] = arity;
}

/** The ids of a module's sections, in order. */
function sectionsOf(wasm: Uint8Array): number[] {
  const ids: number[] = [];
  let p = 8;
  while (p < wasm.length) {
    ids.push(wasm[p++]!);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[p++]!;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    p += size;
  }
  return ids;
}

test("there are three builds", () => {
  expect(modules.map(([build]) => build)).toEqual(["debug", "simd", "relaxed"]);
});

describe.each(modules)("the %s build", (build, module) => {
  test("imports nothing", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });

  test("runs nothing when it is instantiated", () => {
    const start = 8;
    const ids = sectionsOf(readFileSync(new URL(`../../build/kernel.${build}.wasm`, import.meta.url)));
    expect(ids).toContain(10); // the code section: the walk found its way
    expect(ids).not.toContain(start);
  });

  test("exports exactly the functions of the ABI page, with their numbers of arguments", () => {
    const { exports } = new WebAssembly.Instance(module);
    const found: Record<string, number> = {};
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === "function") found[name] = value.length;
    }
    expect(found).toEqual(functions);
  });

  test("exports besides them its memory and the base of the heap, which nobody can move", () => {
    const { exports } = new WebAssembly.Instance(module);
    const others = Object.entries(exports).filter(([, value]) => typeof value !== "function");
    expect(others.map(([name]) => name).sort()).toEqual(["__heap_base", "memory"]);
    expect(exports.memory).toBeInstanceOf(WebAssembly.Memory);
    const base = exports.__heap_base as WebAssembly.Global;
    expect(base.value).toBeGreaterThan(0);
    expect(base.value).toBeLessThan((exports.memory as WebAssembly.Memory).buffer.byteLength);
    expect(() => {
      base.value = 0;
    }).toThrow(TypeError);
  });

  test("starts with the same memory each time, all zeros from the base of the heap on", () => {
    const [one, two] = [0, 1].map(() => {
      const { exports } = new WebAssembly.Instance(module);
      return {
        base: (exports.__heap_base as WebAssembly.Global).value as number,
        bytes: new Uint8Array((exports.memory as WebAssembly.Memory).buffer),
      };
    });
    expect(Buffer.compare(one!.bytes, two!.bytes)).toBe(0);
    expect(one!.bytes.subarray(one!.base).every((byte) => byte === 0)).toBe(true);
  });
});

test("all builds name the same functions and ask for scratch that grows with the sizes", () => {
  for (const [, module] of modules) {
    const call = new WebAssembly.Instance(module).exports as Record<string, (...args: number[]) => number>;
    for (const dtype of ["f32", "f64"]) {
      let last = 0;
      for (const size of [0, 1, 5, 6, 100, 120, 256, 512, 513]) {
        const bytes = call[`gemm_scratch_${dtype}`]!(size, size, size);
        expect(bytes).toBeGreaterThanOrEqual(last);
        // The same whichever of m and n is the larger, since gemm may exchange them.
        expect(call[`gemm_scratch_${dtype}`]!(size, 3, 7)).toBe(call[`gemm_scratch_${dtype}`]!(3, size, 7));
        last = bytes;
      }
      // Blocks bound it: a product of any size needs no more than that of one block.
      expect(call[`gemm_scratch_${dtype}`]!(10_000, 10_000, 10_000)).toBeLessThan(2 << 20);
    }
  }
});
