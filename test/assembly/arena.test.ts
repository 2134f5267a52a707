/** The watchman watched: a write or read where none belongs must turn a test red. */
import { describe, expect, test } from "vitest";
import { Arena } from "./arena.ts";
import { blank, integers, type Layout, layouts, operand, vector } from "./data.ts";
import { builds } from "./load.ts";

const [rows, , padded] = layouts as [Layout, Layout, Layout];

describe.each(builds)("an arena of the %s build", (build) => {
  test("reports a write past the end of an output, before it, and into a gap between its rows", () => {
    for (const [move, cols] of [
      [0, 5],
      [-4, 4],
      [4, 4],
    ] as const) {
      const arena = new Arena(build, 4096);
      const x = operand("f32", 3, 5, rows, integers(1));
      const at = arena.input("f32", x);
      const out = arena.output("f32", blank(3, 4, padded));
      const write = () => arena.call("copy_f32", 3, cols, at, 5, 1, out.at + move, 7, 1);
      expect(write).toThrow("which is not its own");
    }
  });

  test("reports a write over an input or over the kernel's own tables", () => {
    const arena = new Arena(build, 4096);
    const at = arena.input("f32", vector("f32", 4, 1, integers(1)));
    expect(() => arena.call("negate_f32", 1, 4, at, 0, 1, at, 0, 1)).toThrow("which is not its own");
    // The debug build refuses by itself to write below the heap.
    const refusal = build === "debug" ? "unreachable" : "which is not its own";
    expect(() => arena.call("copy_f32", 1, 4, at, 0, 1, 64, 0, 1)).toThrow(refusal);
  });

  test("asserts sizes in the debug build only", () => {
    const arena = new Arena(build, 4096);
    const at = arena.input("f32", vector("f32", 4, 1, integers(1)));
    const out = arena.output("f32", vector("f32", 4, 1, integers(1)));
    const call = () => arena.call("copy_f32", -1, 4, at, 0, 1, out.at, 0, 1);
    if (build === "debug") expect(call).toThrow("unreachable");
    else expect(call).not.toThrow();
  });

  // Nothing traps in JavaScript: what lies past the end is undefined, which counts as NaN.
  test.skipIf(build === "plain")("traps where an input at the end of the memory is read past its end", () => {
    const arena = new Arena(build, 4096);
    arena.clear(0, 0);
    const at = arena.input("f32", vector("f32", 5, 1, integers(1)));
    const out = arena.output("f32", vector("f32", 6, 1, integers(1)));
    expect(() => arena.call("copy_f32", 1, 6, at, 0, 1, out.at, 0, 1)).toThrow(WebAssembly.RuntimeError);
    arena.call("copy_f32", 1, 5, at, 0, 1, out.at, 0, 1);
  });

  test("reads back what was placed, at any address and with any strides", () => {
    const arena = new Arena(build, 1 << 16);
    for (const layout of layouts) {
      for (const shift of [0, 1, 4]) {
        const x = operand("f64", 3, 5, layout, integers(2, 100), shift);
        expect(arena.output("f64", x).read()).toEqual(x.values);
      }
    }
  });
});
