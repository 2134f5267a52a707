/** Which kernel runs, in a fresh module for each test: what one configures, no other sees. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Configuration } from "../src/index.ts";
import { bytesOf, withoutRelaxed, withoutSynchronousCompilation } from "./modules.ts";

let lib: typeof import("../src/index.ts");

beforeEach(async () => {
  vi.resetModules();
  lib = await import("../src/index.ts");
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const fused = "this host fuses multiply and add";
const asked = "configure asked for it";
const FOUR_GIB = 2 ** 32;

describe("info", () => {
  test("says which build runs and why, before anything else was called", () => {
    const { build, reason, reproducible, memory } = lib.info();
    expect({ build, reason, reproducible }).toEqual({ build: "relaxed", reason: fused, reproducible: false });
    expect(memory).toEqual({ used: 0, arrays: 0, scratch: 0, total: memory.total, limit: FOUR_GIB });
    expect(memory.total % 65536).toBe(0);
  });

  test("counts arrays, once for all views, and the bytes they take in steps of 16", () => {
    const a = lib.zeros([3, 3]);
    a.T.columns(0, 1);
    expect(lib.info().memory).toMatchObject({ used: 48, arrays: 1 });
    lib.zeros(0);
    expect(lib.info().memory).toMatchObject({ used: 64, arrays: 2 });
    lib.add(a, 1);
    expect(lib.info().memory).toMatchObject({ used: 112, arrays: 3, scratch: 16 });
  });

  test("is a snapshot", () => {
    const before = lib.info();
    lib.zeros(100);
    expect(before.memory.used).toBe(0);
  });
});

describe("configure", () => {
  const rows: [Configuration[], "simd" | "relaxed", string][] = [
    [[{}], "relaxed", fused],
    [[{ reproducible: true }], "simd", asked],
    [[{ reproducible: false }], "relaxed", fused],
    [[{ build: "simd" }], "simd", asked],
    [[{ build: "relaxed" }], "relaxed", asked],
    [[{ build: undefined }], "relaxed", fused],
    [[{ build: "simd", reproducible: true }], "simd", asked],
    [[{ build: "simd", reproducible: false }], "simd", asked],
    [[{ build: "relaxed", reproducible: false }], "relaxed", asked],
    [[{ build: undefined, reproducible: true }], "simd", asked],
    [[{ build: undefined, reproducible: false }], "relaxed", fused],
    [[{ build: "simd" }, { build: "relaxed" }], "relaxed", asked],
    [[{ build: "simd" }, { build: undefined }], "relaxed", fused],
    [[{ build: "simd" }, { reproducible: false }], "relaxed", fused],
    [[{ reproducible: true }, { memoryLimit: 65536 }], "simd", asked],
    [[{ reproducible: true }, {}], "simd", asked],
  ];

  test.each(rows)("%j before the first use runs the build %s", (calls, build, reason) => {
    for (const options of calls) lib.configure(options);
    expect(lib.info()).toMatchObject({ build, reason, reproducible: build === "simd" });
  });

  test.each(rows)("%j after it runs the build %s", (calls, build) => {
    for (const options of calls) {
      lib.info();
      lib.configure(options);
    }
    expect(lib.info()).toMatchObject({ build, reproducible: build === "simd" });
  });

  test("keeps the memory where the build stays, and starts a new one where it changes", () => {
    const a = lib.array([1, 2]);
    lib.configure({ build: "relaxed" });
    lib.configure({ memoryLimit: 2 ** 20 });
    expect([lib.info().memory.arrays, lib.add(a, lib.ones(2)).toArray()]).toEqual([1, [2, 3]]);
    lib.configure({ build: "simd" });
    expect(lib.info().memory).toMatchObject({ arrays: 0, used: 0, limit: 2 ** 20 });
    // The old arrays still work among themselves.
    expect([lib.add(a, a).toArray(), lib.sum(a), a.T.copy().toArray()]).toEqual([[2, 4], 3, [1, 2]]);
    expect(lib.info().memory.arrays).toBe(0);
    a.free();
  });

  test("sets the limit of the memory, before and after the first use", () => {
    lib.configure({ memoryLimit: 2 ** 20 });
    expect(lib.info().memory.limit).toBe(2 ** 20);
    expect(() => lib.zeros(2 ** 18)).toThrow("zeros: out of memory");
    lib.configure({ memoryLimit: 2 ** 22 });
    expect(lib.zeros(2 ** 18).size).toBe(2 ** 18);
    lib.configure({});
    expect(lib.info().memory.limit).toBe(2 ** 22);
  });

  const bad: [unknown, string][] = [
    [{ build: "simd", reproducible: 1 }, "reproducible is 1; expected true or false."],
    [{ build: "fast" }, 'build is "fast"; expected "simd" or "relaxed".'],
    [{ build: "simt" }, 'Did you mean "simd"?'],
    [{ build: null }, 'build is null; expected "simd" or "relaxed".'],
    [{ reproducible: true, build: "relaxed" }, 'build is "relaxed" and reproducible is true; expected "simd"'],
    [{ memoryLimit: 65535 }, "memoryLimit is 65535; expected bytes from 65536 to 4294967296."],
    [{ memoryLimit: FOUR_GIB + 1 }, "memoryLimit is 4294967297; expected bytes"],
    [{ memoryLimit: NaN }, "memoryLimit is NaN; expected bytes"],
    [{ memoryLimit: "1e6" }, 'memoryLimit is "1e6"; expected a number.'],
    [{ reproducable: true }, 'option "reproducable" does not exist'],
    [{ reproducable: true }, 'Did you mean "reproducible"?'],
    [{ threads: 2 }, 'expected "reproducible", "build", "memoryLimit" or "workerUrl".'],
    [undefined, "options is undefined; expected an object with options."],
    [null, "options is null; expected an object with options."],
    [["simd"], "options is an array of 1; expected an object with options."],
    ["simd", 'options is "simd"; expected an object with options.'],
  ];

  test.each(bad)("rejects %o and changes nothing", (options, message) => {
    lib.configure({ build: "simd", memoryLimit: 2 ** 21 });
    const before = lib.info();
    const more = typeof options === "object" && options !== null && !Array.isArray(options);
    const given = more ? { memoryLimit: 2 ** 20, ...options } : options;
    const act = () => lib.configure(given as Configuration);
    expect(act).toThrow(message);
    expect(act).toThrow(/^configure: /);
    expect(lib.info()).toEqual(before);
  });

  test.each([true, false])("of a build that the host lacks changes nothing (used before: %s)", (used) => {
    vi.stubGlobal("WebAssembly", withoutRelaxed());
    if (used) lib.info();
    expect(() => lib.configure({ build: "relaxed", memoryLimit: 2 ** 20 })).toThrow(
      'configure: build is "relaxed", but this host has no relaxed SIMD.',
    );
    expect(lib.info()).toMatchObject({ build: "simd", memory: { limit: FOUR_GIB } });
  });
});

describe("init", () => {
  test("without a source starts the build that was configured, and again changes nothing", async () => {
    lib.configure({ reproducible: true });
    expect((await lib.init()).build).toBe("simd");
    const a = lib.ones(2);
    expect((await lib.init()).memory.arrays).toBe(1);
    expect(lib.add(a, lib.ones(2)).toArray()).toEqual([2, 2]);
  });

  test("called twice at once starts one kernel, so that all arrays can meet", async () => {
    const first = lib.init().then(() => lib.ones(2));
    const second = lib.init().then(() => lib.ones(2));
    expect(lib.add(await first, await second).toArray()).toEqual([2, 2]);
  });

  test("keeps a kernel that was used, or another build that was configured, meanwhile", async () => {
    const using = lib.init();
    const a = lib.ones(2);
    await using;
    expect(lib.add(a, lib.ones(2)).toArray()).toEqual([2, 2]);
    vi.resetModules();
    const other = await import("../src/index.ts");
    const configured = other.init();
    other.configure({ build: "simd" });
    expect(await configured).toMatchObject({ build: "simd", reason: asked });
  });

  test("with a source runs that, in a new memory", async () => {
    lib.ones(2);
    expect(await lib.init(bytesOf("simd"))).toMatchObject({
      build: "simd",
      reason: "init was given this kernel",
      memory: { arrays: 0 },
    });
  });

  test("that fails leaves everything as it was", async () => {
    const a = lib.ones(2);
    const before = lib.info();
    await expect(lib.init(Uint8Array.of(1, 2, 3))).rejects.toThrow("init: the source starts with 01 02 03;");
    expect(lib.info()).toEqual(before);
    expect(lib.add(a, lib.ones(2)).toArray()).toEqual([2, 2]);
  });

  test("makes everything work on a host that refuses synchronous compilation", async () => {
    vi.stubGlobal("WebAssembly", withoutSynchronousCompilation());
    for (const act of [() => lib.zeros(2), () => lib.info(), () => new lib.Random(1).permutation(3)]) {
      expect(act).toThrow("Call await init() before anything else.");
    }
    expect((await lib.init()).build).toBe("relaxed");
    expect(lib.add(lib.ones(2), 1).toArray()).toEqual([2, 2]);
  });
});

describe("arrays of two runtimes", () => {
  test.each<[string, (a: never, b: never) => unknown]>([
    ["add", (a, b) => lib.add(a, b)],
    ["add into", (a, b) => lib.add(a, 1, { out: b })],
    ["matmul", (a, b) => lib.matmul(a, b)],
    ["matmul into", (a, b) => lib.matmul(a, a, { out: b })],
    ["exp into", (a, b) => lib.exp(a, { out: b })],
    ["dot", (a, b) => lib.dot(a, b)],
  ])("cannot meet in %s, either way round", (_, act) => {
    const old = lib.ones([1, 1]);
    lib.configure({ build: "simd" });
    const now = lib.ones([1, 1]);
    for (const [a, b] of [
      [old, now],
      [now, old],
    ]) {
      expect(() => act(a as never, b as never)).toThrow("the arrays live in the memories of two kernels.");
    }
    expect(lib.add(lib.array(old.toArray()), now).toArray()).toEqual([[2]]);
  });
});

test("the reproducible build gives the same bits in every runtime", async () => {
  const results: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    vi.resetModules();
    const { configure, Random, matmul, sigmoid, sum } = await import("../src/index.ts");
    configure({ reproducible: true });
    const random = new Random(1);
    const product = sigmoid(matmul(random.normal([30, 50]), random.uniform([50, 20])));
    results.push([product.toArray(), sum(product)]);
  }
  expect(results[0]).toEqual(results[1]);
});
