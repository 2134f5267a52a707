/** The package with other ways to its kernel: a kernel that is given, and one that the host has compiled. */

import { join } from "node:path";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { describe, expect, test, vi } from "vitest";
import { bundled } from "../scripts/bundle.ts";
import { built, loaded } from "./built.ts";
import { bytesOf, hostWith } from "./modules.ts";

type Package = typeof import("../src/index.ts");

async function load(name: string): Promise<Package> {
  const [found] = await loaded<[Package]>(name);
  return found;
}

describe("load.js", () => {
  const missing =
    "fourlane: there is no kernel yet. Call await init(source) first: source is where this package's kernel.simd.wasm is, or its bytes.";

  test("has no kernel until init is given one", async () => {
    const { array, configure, info, init } = await load("load.js");
    expect(() => array([1])).toThrow(new Error(missing));
    expect(() => info()).toThrow(new Error(missing));
    await expect(init()).rejects.toThrow(new Error(missing));
    configure({ reproducible: true });
    expect((await init(bytesOf("simd"))).build).toBe("simd");
    expect(array([1, 2]).toArray()).toEqual([1, 2]);
    // Without a source, init is now over at once.
    expect((await init()).reason).toBe("init was given this kernel");
  });

  test.each(["simd", "relaxed"] as const)("computes with the %s build once it has it", async (build) => {
    const { array, init, matmul } = await load("load.js");
    await init(new WebAssembly.Module(bytesOf(build)));
    expect(matmul(array([[1, 2]]), array([[3], [4]])).toArray()).toEqual([[11]]);
  });

  test("keeps what configure asked for: another build is an error, and changes nothing", async () => {
    const { configure, info, init } = await load("load.js");
    configure({ reproducible: true });
    await expect(init(bytesOf("relaxed"))).rejects.toThrow(
      new Error('init: the kernel is the relaxed build, but configure asked for "simd".'),
    );
    expect(() => info()).toThrow(new Error(missing));
  });

  test("carries no kernel", async () => {
    expect((await bundled("load.js")).length).toBeLessThan((await bundled("index.js")).length - 15_000);
  });
});

describe.each([
  ["workerd.js", "./kernel.simd.wasm"],
  ["edge-light.js", "./kernel.simd.wasm?module"],
] as const)("%s", (name, module) => {
  test("imports the kernel and load.js, and takes few bytes", async () => {
    const text = await bundled(name);
    const imported = Array.from(text.matchAll(/\bfrom\s*["'`]([^"'`]*)["'`]/g), ([, from]) => from);
    expect(imported).toEqual(["./load.js", module]);
    expect(text.length).toBeLessThan(4000);
  });

  test("has every export of the main entry, the same as load.js", async () => {
    const compiled = new WebAssembly.Module(bytesOf("simd"));
    vi.stubGlobal("compiled", compiled);
    const [own, core] = await loaded<[Record<string, unknown>, Record<string, unknown>]>(name, "load.js");
    vi.unstubAllGlobals();
    const names = Object.keys(await import("../src/index.ts")).sort();
    expect(Object.keys(own).sort()).toEqual(names);
    for (const name of names) expect(own[name]).toBe(core[name]);
  });

  test("compiles nothing", async () => {
    const compiled = new WebAssembly.Module(bytesOf("simd"));
    const refuse = (): never => {
      throw new WebAssembly.CompileError("refused");
    };
    vi.stubGlobal("compiled", compiled);
    vi.stubGlobal("WebAssembly", hostWith({ compile: refuse, validate: refuse, Module: refuse }));
    try {
      const { array, configure, info, init, matmul } = await load(name);
      expect(matmul(array([[1, 2]]), array([[3], [4]])).toArray()).toEqual([[11]]);
      configure({ reproducible: true });
      expect(() => configure({ build: "relaxed" })).toThrow(
        new Error(
          'configure: build is "relaxed", but here the package has only the simd build; init takes others. Leave build out to use the fastest that works here.',
        ),
      );
      expect((await init()).build).toBe("simd");
      expect(info().reproducible).toBe(true);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("what a program uses of an entry with a way to a kernel brings the way with it", () => {
  const program = (name: string) => `import { array } from "./${name}"; console.log(array([1]));`;

  test.each(["workerd.js", "edge-light.js", "js.js"])("%s, bundled by esbuild", async (name) => {
    const [folder, remove] = await built(name, "load.js", "async.js");
    const { outputFiles } = await build({
      stdin: { contents: program(name), resolveDir: folder },
      bundle: true,
      format: "esm",
      write: false,
      external: ["./async.js"],
    });
    await remove();
    expect(outputFiles[0]!.text).toContain("loadKernel");
    expect(outputFiles[0]!.text).not.toContain("rocAuc");
  });

  test.each(["workerd.js", "edge-light.js", "js.js"])("%s, bundled by rolldown", async (name) => {
    const [folder, remove] = await built(name, "load.js", "async.js");
    const bundle = await rolldown({
      input: "program",
      platform: "neutral",
      external: [/async\.js$/],
      plugins: [
        {
          name: "program",
          resolveId: (id) => (id === "program" ? join(folder, "program.js") : undefined),
          load: (id) => (id === join(folder, "program.js") ? program(name) : undefined),
        },
      ],
    });
    const { output } = await bundle.generate({ format: "esm" });
    await remove();
    expect(output[0].code).toContain("loadKernel");
    expect(output[0].code).not.toContain("rocAuc");
  });
});

test("what stands on top of load.js computes with the arrays of every entry that is on top of it", async () => {
  const [js, graph, npy] = await loaded<
    [Package, typeof import("../src/graph.ts"), typeof import("../src/npy.ts")]
  >("js.js", "load/graph.js", "load/npy.js");
  const x = graph.variable(js.array([1, 2]));
  graph.sum(graph.mul(x, x)).backward();
  expect(x.grad?.toArray()).toEqual([2, 4]);
  expect(npy.readNpy(npy.writeNpy(js.array([3, 4]))).toArray()).toEqual([3, 4]);
  expect(js.info().build).toBe("js");
});
