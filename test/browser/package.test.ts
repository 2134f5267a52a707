/** The built package in browsers, under the strictest policy that allows WebAssembly. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { type Fourlane, packageInNode } from "./work.ts";

/** Weights that took some training, with sizes that fill no vector, tile or batch. */
function weights({ configure, mul, Random, sum, TwoLayerNetwork }: Fourlane, dtype: "f32" | "f64") {
  configure({ reproducible: true });
  const X = new Random(5).normal([7, 600], { dtype });
  const squares = sum(mul(X, X), { axis: 0, keepDims: true }).toArray() as number[][];
  const Y = squares.map((row) => row.map((square) => (square > 6 ? 1 : 0)));
  const model = new TwoLayerNetwork({ hidden: 6, learningRate: 0.5, epochs: 20, batchSize: 64, seed: 3, dtype });
  model.fit(X, Y);
  return Object.values(model.parameters).map((parameter) => parameter.data.slice());
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);

  describe.each([
    { headers: "with isolation headers", isolated: true },
    { headers: "without isolation headers", isolated: false },
  ])("$headers", ({ isolated }) => {
    const url = useSite({ isolated });

    test("a page's own script trains and predicts with nothing to await", async () => {
      const page = await open(url("pages/plain.html"));
      const found = await page.run(() => (globalThis as unknown as { found: unknown }).found);
      expect(found).toEqual({ product: 11, falling: true, prediction: [[0, 0, 1, 1]], build: "relaxed" });
      expect(await page.close()).toEqual([]);
    });

    test("the page is isolated as its headers say", async () => {
      const page = await open(url("pages/package.html"));
      expect(await page.run(() => crossOriginIsolated)).toBe(isolated);
    });

    test.each(["f32", "f64"] as const)(
      "reproducible weights in %s have the bits they have in Node",
      async (dtype) => {
        const page = await open(url("pages/package.html"));
        const found = await page.run(weights, dtype);
        expect(found.map(({ length }) => length)).toEqual([42, 6, 6, 1]);
        expect(found).toEqual(weights(await packageInNode(), dtype));
        expect(await page.close()).toEqual([]);
      },
    );
  });

  describe("under a policy without WebAssembly", () => {
    const url = useSite({ policy: "script-src 'self'" });

    test("the package says what to do, and the page reports what was refused", async () => {
      const page = await open(url("pages/package.html"));
      await expect(page.run(({ zeros }) => zeros([1, 1]).shape)).rejects.toThrow(
        "fourlane: this host refused to compile the kernel synchronously. Call await init() before anything else.",
      );
      expect(await page.close()).toContainEqual("Content-Security-Policy: script-src refuses wasm-eval");
    });
  });
});
