import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { linkFrom } from "../src/async/source.ts";
import { Kernel, type KernelSource } from "../src/kernel.ts";
import { choose, loadKernel, loadKernelAsync } from "../src/loading/inlined.ts";
import {
  bytesOf,
  recording,
  strangers,
  withoutFusing,
  withoutRelaxed,
  withoutSimd,
  withoutSynchronousCompilation,
} from "./modules.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What an error says, with what its cause says. */
async function failure(act: () => unknown): Promise<{ message: string; cause: unknown }> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Error) return { message: error.message, cause: error.cause };
  }
  throw new Error("nothing was thrown");
}

describe("the choice of a build", () => {
  test.each([
    [undefined, true, "relaxed", "this host fuses multiply and add"],
    [undefined, false, "simd", "this host has no relaxed SIMD"],
    ["simd", true, "simd", "configure asked for it"],
    ["simd", false, "simd", "configure asked for it"],
    ["relaxed", true, "relaxed", "configure asked for it"],
  ] as const)("with %s wanted and relaxed SIMD %s is %s", (wanted, relaxed, build, reason) => {
    expect(choose(wanted, relaxed)).toEqual({ build, reason });
  });

  test("asks the host about relaxed SIMD", () => {
    expect(choose(undefined).build).toBe("relaxed");
    vi.stubGlobal("WebAssembly", withoutRelaxed());
    expect(choose(undefined).build).toBe("simd");
    expect(() => choose("relaxed")).toThrow("this host has no relaxed SIMD");
  });
});

const loaders = [
  ["synchronously", async (wanted?: "simd" | "relaxed") => loadKernel(wanted)],
  ["asynchronously", (wanted?: "simd" | "relaxed") => loadKernelAsync(wanted)],
] as const;

describe.each(loaders)("a kernel loaded %s", (_, load) => {
  test.each(["simd", "relaxed"] as const)("is the build that was wanted: %s", async (build) => {
    const kernel = await load(build);
    expect([kernel.build, kernel.reason]).toEqual([build, "configure asked for it"]);
  });

  test.each(["simd", "relaxed"] as const)("comes from the bytes that the compiler wrote: %s", async (build) => {
    const { host, modules } = recording();
    vi.stubGlobal("WebAssembly", host);
    await load(build);
    // What unpacks, for the simd build what makes it, and the kernel.
    expect(modules.length).toBe(build === "simd" ? 3 : 2);
    expect(Buffer.compare(modules.at(-1)!, bytesOf(build))).toBe(0);
  });

  test("has every function of the ABI under its name without the dtype", async () => {
    const kernel = await load();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOf("relaxed")), {});
    const names = Object.keys(exports);
    for (const dtype of ["f32", "f64"] as const) {
      const expected = names.filter((name) => name.endsWith(`_${dtype}`)).map((name) => name.slice(0, -4));
      expect(Object.keys(kernel[dtype])).toEqual(expect.arrayContaining(expected));
      expect(expected.length).toBeGreaterThan(30);
    }
    expect([typeof kernel.permutation, kernel.f32 === kernel.f64]).toEqual(["function", false]);
  });

  test("has memory of its own that grows on demand and says when it cannot", async () => {
    const [one, two] = [await load(), await load()];
    const before = one.buffer.byteLength;
    expect([one.grow(1), one.buffer.byteLength - before, two.buffer.byteLength]).toEqual([true, 65536, before]);
    expect([one.grow(65536), one.buffer.byteLength]).toEqual([false, before + 65536]);
    expect(one.heapBase).toBeGreaterThan(0);
  });

  test("leaves no trace of its own probe in memory", async () => {
    const kernel = await load();
    const bytes = new Uint8Array(kernel.buffer, kernel.heapBase, 32);
    expect([...bytes]).toEqual(new Array(32).fill(0));
  });

  test("is simd where the host has no relaxed SIMD", async () => {
    vi.stubGlobal("WebAssembly", withoutRelaxed());
    const kernel = await load();
    expect([kernel.build, kernel.reason]).toEqual(["simd", "this host has no relaxed SIMD"]);
  });

  test("is an error with its cause where the host has no SIMD", async () => {
    vi.stubGlobal("WebAssembly", withoutSimd());
    const { message, cause } = await failure(() => load());
    expect(message).toContain("this host cannot compile the kernel; expected WebAssembly with SIMD");
    expect(String(cause)).toBe("CompileError: invalid value type v128");
  });
});

test("a host that refuses synchronous compilation is told about init, which works there", async () => {
  vi.stubGlobal("WebAssembly", withoutSynchronousCompilation());
  const { message, cause } = await failure(() => loadKernel(undefined));
  expect(message).toContain("Call await init() before anything else.");
  expect(String(cause)).toBe("CompileError: refused: the buffer is larger than 4 KB");
  expect((await loadKernelAsync(undefined)).build).toBe("relaxed");
});

describe("a host whose relaxed SIMD rounds twice", () => {
  beforeEach(() => {
    vi.stubGlobal("WebAssembly", withoutFusing());
  });

  test("gets the simd build, and hears why", async () => {
    for (const kernel of [loadKernel(undefined), await loadKernelAsync(undefined)]) {
      expect([kernel.build, kernel.reason]).toEqual([
        "simd",
        "this host runs relaxed SIMD without fusing multiply and add, so it would gain nothing",
      ]);
    }
  });

  test("refuses the relaxed build to those who ask for it", async () => {
    expect(() => loadKernel("relaxed")).toThrow(
      'build is "relaxed", but this host runs relaxed SIMD without fusing',
    );
    await expect(loadKernelAsync("relaxed")).rejects.toThrow('build is "relaxed", but this host runs');
    expect(loadKernel("simd").reason).toBe("configure asked for it");
  });
});

/** The kernel that a source holds, as `init` takes it. */
async function kernelFrom(source: KernelSource): Promise<Kernel> {
  return new Kernel(await linkFrom(source), "init was given this kernel");
}

describe("a kernel from elsewhere", () => {
  const simd = bytesOf("simd");
  const shifted = new Uint8Array(simd.length + 7);
  shifted.set(simd, 3);
  const base64 = Buffer.from(simd).toString("base64");

  test.each<[string, () => KernelSource]>([
    ["an ArrayBuffer", () => simd.slice().buffer],
    ["a Uint8Array", () => simd],
    ["a view in the middle of a buffer", () => shifted.subarray(3, 3 + simd.length)],
    ["a DataView", () => new DataView(shifted.buffer, 3, simd.length)],
    ["a compiled module", () => new WebAssembly.Module(simd)],
    [
      "a Response, whatever type it claims",
      () => new Response(simd, { headers: { "content-type": "text/plain" } }),
    ],
    ["a URL", () => new URL(`data:application/wasm;base64,${base64}`)],
    ["the URL of a file", () => new URL("../build/kernel.simd.wasm", import.meta.url)],
    ["the text of a URL", () => `data:application/wasm;base64,${base64}`],
  ])("can be given as %s", async (_, source) => {
    const kernel = await kernelFrom(source());
    expect(kernel.build).toBe("simd");
  });

  test("is asked what it does, not what it is called", async () => {
    expect((await kernelFrom(bytesOf("relaxed"))).build).toBe("relaxed");
  });

  test.each<[string, Uint8Array | Response, string]>([
    ["nothing", new Uint8Array(0), "init: the source starts with nothing; expected"],
    ["something short", Uint8Array.of(0, 97), "init: the source starts with 00 61; expected"],
    ["other bytes", Uint8Array.of(1, 2, 3, 4, 5), "init: the source starts with 01 02 03 04; expected"],
    ["a page", new Response("<!doctype html>"), "This looks like an HTML page"],
    ["text", new Response("Not Found", { status: 404 }), "init: the source starts with 4e 6f 74 20; expected"],
    ["an empty module", strangers.empty, "init: the module has no export memory;"],
    ["a module with a memory", strangers.memoryOnly, "init: the module has no export __heap_base;"],
    ["a module without functions", strangers.noFunctions, "init: the module has no export gemm_f32;"],
  ])("is an error if it is %s", async (_, source, message) => {
    expect((await failure(() => kernelFrom(source as Uint8Array<ArrayBuffer>))).message).toContain(message);
  });

  test.each<[string, () => KernelSource, RegExp]>([
    ["is truncated", () => simd.slice(0, simd.length / 2), /^CompileError: /],
    ["ends within its header", () => simd.slice(0, 6), /^CompileError: /],
    ["wants imports", () => strangers.withImports, /^TypeError: .*env/],
    [
      "is a compiled module that wants imports",
      () => new WebAssembly.Module(strangers.withImports),
      /^TypeError: .*env/,
    ],
  ])("is an error with its cause if it %s", async (_, source, cause) => {
    const error = await failure(() => kernelFrom(source()));
    expect(error.message).toContain("init: this host cannot compile or link the module;");
    expect(String(error.cause)).toMatch(cause);
  });

  test("that cannot be fetched is the host's own error", async () => {
    await expect(kernelFrom("data:")).rejects.toThrow(TypeError);
  });
});
