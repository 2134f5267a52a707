/** The package with other ways to its kernel: a kernel that is given, and one that the host has compiled. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Bundle, bundled } from "../scripts/bundle.ts";
import { bytesOf, hostWith } from "./modules.ts";

type Package = typeof import("../src/index.ts");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fourlane-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "async.js"), await bundled("async.js"));
  await writeFile(join(folder, "kernel.simd.wasm.js"), "export default globalThis.compiled;");
});
afterAll(() => rm(folder, { recursive: true }));

/** A bundle loaded anew, with no kernel yet. What it imports as .wasm is `globalThis.compiled`. */
async function load(name: Bundle): Promise<Package> {
  const text = (await bundled(name)).replace(/\.wasm(\?module)?"/, '.wasm.js"');
  const file = join(folder, `${name}-${Math.random()}.js`);
  await writeFile(file, text);
  return import(pathToFileURL(file).href);
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
  test("imports the kernel, and nothing else at once", async () => {
    const text = await bundled(name);
    expect(Array.from(text.matchAll(/\bfrom\s*["'`]([^"'`]*)["'`]/g), ([, from]) => from)).toEqual([module]);
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
