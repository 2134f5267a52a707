/** fourlane/js: the whole API where there is no WebAssembly, over the kernel in plain JavaScript. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundled } from "../scripts/bundle.ts";
import type * as Package from "../src/index.ts";
import type { SoftmaxRegression } from "../src/softmax-regression.ts";
import { built, loaded } from "./built.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { breastCancer, digits, flower, golden, type Rows, samples } from "./fixtures.ts";
import type { Network } from "./twin.ts";

const texts = [await bundled("js.js"), await bundled("load.js")];
let remove: () => Promise<void>;
let js: typeof Package;
let Softmax: typeof SoftmaxRegression;

/** The package loaded anew, with no kernel yet. */
async function load(): Promise<typeof Package> {
  const [found] = await loaded<[typeof Package]>("js.js");
  return found;
}

beforeAll(async () => {
  let folder: string;
  [folder, remove] = await built("js.js", "load.js", "async.js", "load/softmax-regression.js");
  vi.stubGlobal("WebAssembly", undefined);
  Reflect.deleteProperty(globalThis, "WebAssembly");
  const open = (name: string) => import(pathToFileURL(join(folder, name)).href);
  js = await open("js.js");
  Softmax = (await open("load/softmax-regression.js")).SoftmaxRegression;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await remove();
});

/** Parameters of a fitted model in the order of its block. */
function parametersOf(model: Package.LogisticRegression | Package.TwoLayerNetwork): number[] {
  if ("w" in model) return [...model.w.data, model.b];
  const { W1, W2, b1, b2 } = model.parameters;
  return [W1, W2, b1, b2].flatMap((a) => [...a.data]);
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const bounds = expected.map(() => tolerance);
  expectWithin(actual, expected, bounds, "fourlane/js");
}

describe("the files", () => {
  test("have nothing to do with WebAssembly, and take less than 33 KB gzipped", () => {
    expect(texts.join()).not.toMatch(/\bWebAssembly\b/);
    const bytes = texts.map((text) => gzipSync(text, { level: 9 }).length);
    expect(bytes[0]! + bytes[1]!).toBeLessThan(33_000);
  });

  test("is exported by the package with the types of the main entry, types first", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(Object.entries(manifest.exports["./js"])).toEqual([
      ["types", manifest.exports["."].types],
      ["default", "./dist/js.js"],
    ]);
  });

  test("has every export of the main entry", async () => {
    expect(Object.keys(js).sort()).toEqual(Object.keys(await import("../src/index.ts")).sort());
  });
});

describe("without WebAssembly", () => {
  test("it is not there", () => {
    expect("WebAssembly" in globalThis).toBe(false);
  });

  test("info says which kernel runs, why, and that its results are the same bits everywhere", () => {
    const { build, reason, reproducible, threads } = js.info();
    expect({ build, reason, reproducible, threads }).toEqual({
      build: "js",
      reason: "fourlane/js has the kernel in plain JavaScript",
      reproducible: true,
      threads: { shared: false, reason: 'workers need the wasm kernel. Import "fourlane"', workers: 0, memory: 0 },
    });
  });

  test("arrays compute, broadcast and print", () => {
    const { abs, add, argmax, array, concatenate, div, dot, exp, matmul, mean, mul, power, sum, where } = js;
    const A = array([
      [56, 0, 4.4, 68],
      [1.2, 104, 52, 8],
      [1.8, 135, 99, 0.9],
    ]);
    const share = div(mul(100, A), sum(A, { axis: 0, keepDims: true }));
    expectClose((share.toArray() as Rows)[0]!, [94.915, 0, 2.8314, 88.427], 1e-3);
    expect(matmul(A, A.T).shape).toEqual([3, 3]);
    const x = array([1, -2, 3], { dtype: "f64" });
    expect(dot(x, x)).toBe(14);
    expect(power(x, 3).toArray()).toEqual([1, -8, 27]);
    expectClose(exp(array([0, 1], { dtype: "f64" })).toArray() as number[], [1, Math.E], 1e-15);
    expect(where(js.less(x, 0), abs(x), add(x, 1)).toArray()).toEqual([2, 2, 4]);
    expect(argmax(concatenate([x, array([9], { dtype: "f64" })]))).toBe(3);
    expect(mean(A.T.columns(1, 3)) as number).toBeCloseTo((165.2 + 236.7) / 8, 5);
    expect(String(x)).toContain("1");
  });

  test("arrays keep what they hold while the memory grows, and old views are detached", () => {
    const first = js.array([1, 2, 3]);
    const before = first.data;
    const { total } = js.info().memory;
    const large = js.ones([3_000_000], { dtype: "f64" });
    expect(js.info().memory.total).toBeGreaterThan(total);
    expect(before.length).toBe(0);
    expect(first.toArray()).toEqual([1, 2, 3]);
    expect(js.sum(large)).toBe(3_000_000);
    large.free();
  });

  test("a scaler and a split prepare samples, metrics judge them", () => {
    const { X, Y } = samples(3, 40);
    const { XTrain, XTest, YTrain, YTest } = js.trainTestSplit(js.array(X), js.array(Y), {
      testSize: 0.25,
      seed: 1,
    });
    expect([XTrain, XTest, YTrain, YTest].map(({ shape }) => shape[1])).toEqual([30, 10, 30, 10]);
    const scaled = new js.StandardScaler().fitTransform(js.array(X, { dtype: "f64" }));
    expectClose(js.mean(scaled, { axis: 1 }).toArray() as number[], [0, 0, 0], 1e-15);
    expect(js.accuracy(Y, Y)).toBe(1);
  });
});

describe("training gives what NumPy and scikit-learn give", () => {
  test("logistic regression on the breast-cancer data: w, b and cost within 1e-9 after 1,000 iterations", () => {
    const expected = golden<{ costEvery100: number[]; w: number[]; b: number; accuracy: number }>(
      "breast-cancer-gd",
    );
    const { X, Y } = breastCancer();
    const model = new js.LogisticRegression({ learningRate: 0.1, epochs: 1000, dtype: "f64" });
    const { cost } = model.fit(X, Y);
    expectClose(parametersOf(model), [...expected.w, expected.b], 1e-9);
    expectClose(cost.filter((_, epoch) => epoch % 100 === 0).slice(0, 10), expected.costEvery100, 1e-9);
    expect(model.score(X, Y)).toBeCloseTo(expected.accuracy, 12);
  });

  test("the network on the flower: parameters within 1e-10 after 100 iterations, the accuracy after 2,000", () => {
    const planar = golden<{ init: Network; learningRate: number; after100: Network }>("planar-two-layer");
    const { X, Y } = flower();
    const { learningRate, init: initialization } = planar;
    const model = new js.TwoLayerNetwork({ learningRate, initialization, epochs: 100, dtype: "f64" });
    model.fit(X, Y);
    const { W1, b1, W2, b2 } = planar.after100;
    expectClose(parametersOf(model), [W1, W2, b1, b2].flat(2), 1e-10);
    const longer = new js.TwoLayerNetwork({ learningRate, epochs: 2000, dtype: "f32", seed: 1 });
    longer.fit(X, Y);
    expect(longer.score(X, Y)).toBeGreaterThan(0.85);
    expect(longer.predict(X).shape).toEqual([1, 400]);
  });

  test("softmax regression on the digits learns them", () => {
    const { X, Y } = digits();
    const model = new Softmax({ classes: 10, learningRate: 0.5, epochs: 100 });
    model.fit(X, Y);
    expect(model.score(X, Y)).toBeGreaterThan(0.93);
  });
});

describe("asynchronously", () => {
  const { X, Y } = samples(5, 3000);
  const reason = 'workers need the wasm kernel. Import "fourlane"';

  test.each(dtypes)(
    "fitAsync trains in slices, to the bits of fit, and says why in no threads (%s)",
    async (dtype) => {
      const make = [
        () => new js.LogisticRegression({ epochs: 20, dtype }),
        () => new js.TwoLayerNetwork({ hidden: 3, epochs: 20, batchSize: 256, seed: 3, dtype }),
      ];
      for (const made of make) {
        const [now, later] = [made(), made()];
        const { cost } = now.fit(X, Y);
        const history = await later.fitAsync(X, Y, { threads: 2, sliceMs: 1 });
        expect(history.execution).toEqual({ mode: "slices", threads: 1, reason });
        expectSame(history.cost, cost, "cost");
        expectSame(parametersOf(later), parametersOf(now), "parameters");
      }
    },
  );

  test("fitAsync without threads, epochs, fitStream and releaseThreads work", async () => {
    const model = new js.LogisticRegression({ epochs: 3 });
    expect((await model.fitAsync(X, Y)).execution.reason).toBe("threads were not asked for");
    const seen: number[] = [];
    for await (const { epoch } of model.epochs(X, Y)) seen.push(epoch);
    expect(seen).toEqual([1, 2, 3]);
    expect((await model.fitStream(() => [[X, Y]], { epochs: 2 })).epochs).toBe(2);
    await js.releaseThreads();
  });

  test("matmulAsync gives matmul's bits", async () => {
    const a = js.array(X);
    const product = await js.matmulAsync(a, a.T, { threads: 2 });
    expect(product.toArray()).toEqual(js.matmul(a, a.T).toArray());
  });
});

describe("what it is asked for", () => {
  const only = 'but fourlane/js has only the kernel in plain JavaScript. Import "fourlane" for others.';

  test("reproducible is what it is anyway: nothing changes", () => {
    const a = js.array([1]);
    js.configure({ reproducible: true });
    expect(js.add(a, js.array([1])).toArray()).toEqual([2]);
    js.configure({ reproducible: false });
    expect(js.add(a, js.array([1])).toArray()).toEqual([2]);
  });

  test.each(["simd", "relaxed"] as const)("the build %s is an error, before and after first use", async (build) => {
    const error = new Error(`configure: build is "${build}", ${only}`);
    expect(() => js.configure({ build })).toThrow(error);
    const fresh = await load();
    expect(() => fresh.configure({ build })).toThrow(error);
    expect(fresh.info().build).toBe("js");
    expect(() => js.configure({ reproducible: true, build: "relaxed" })).toThrow(RangeError);
  });

  test("init is ready at once, and takes no other kernel", async () => {
    const fresh = await load();
    expect((await fresh.init()).build).toBe("js");
    const { memory } = js.info();
    await expect(js.init(new Uint8Array(8))).rejects.toThrow(new Error(`init: source is given, ${only}`));
    expect(js.info().memory).toEqual(memory);
  });

  test("a limit of memory holds", async () => {
    const fresh = await load();
    fresh.configure({ memoryLimit: 1 << 20 });
    expect(() => fresh.zeros([1 << 20])).toThrow(/^zeros: .*memory/);
    expect(fresh.ones([1000]).size).toBe(1000);
  });
});
