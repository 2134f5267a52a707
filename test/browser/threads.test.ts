/** Training and products in several workers over shared memory: what isolated pages can do. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { LONG_NETWORK, learn, NETWORK, plansFor, sameAsInNode } from "./fits.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { type Fourlane, packageInNode } from "./work.ts";

const PAGE = "pages/package.html";
const threaded = (threads: number, reason = "as asked for") => ({ mode: "threads", threads, reason });

/** Threads as `info` tells of them. */
function threadsOf({ info }: Fourlane) {
  return info().threads;
}

/** A digest of a product whose sizes fill no tile or stripe, by `matmulAsync` or `matmul`. */
async function product(fourlane: Fourlane, dtype: "f32" | "f64", [m, k, n]: number[], threads?: number) {
  fourlane.configure({ reproducible: true });
  const random = new fourlane.Random(2);
  const a = random.normal([k!, m!], { dtype }).T;
  const b = random.normal([k!, n!], { dtype });
  const c = threads ? await fourlane.matmulAsync(a, b, { threads }) : fourlane.matmul(a, b);
  // Copied, since digests refuse memory that may grow.
  const bits = new Uint8Array(await crypto.subtle.digest("SHA-256", c.data.slice()));
  for (const array of [a, b, c]) array.free();
  return bits;
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);
  const url = useSite();

  test.each(["LogisticRegression", "TwoLayerNetwork"] as const)(
    "two threads train the %s of fit in Node, to the last bit",
    async (model) => {
      const page = await open(url(PAGE));
      for (const plan of plansFor(model)) {
        const found = await learn(page, plan, { threads: 2 });
        expect(found, JSON.stringify(plan)).toEqual({ ...(await sameAsInNode(plan)), execution: threaded(2) });
      }
      expect(page.messages).toEqual([]);
      expect(await page.close()).toEqual([]);
    },
  );

  test("any number of threads trains the same model, and history tells how many did", async () => {
    const page = await open(url(PAGE));
    const expected = await sameAsInNode(NETWORK);
    const processors = await page.run(() => navigator.hardwareConcurrency);
    expect(processors).toBeGreaterThan(1);
    expect(await learn(page, NETWORK, { threads: "auto" })).toEqual({
      ...expected,
      execution: processors > 16 ? expect.anything() : threaded(processors, "a thread for each processor"),
    });
    expect(await learn(page, NETWORK, { threads: 8 })).toEqual({ ...expected, execution: threaded(8) });
    expect(await learn(page, NETWORK, {})).toEqual({
      ...expected,
      execution: { mode: "slices", threads: 1, reason: "threads were not asked for" },
    });
    expect(await learn(page, LONG_NETWORK, { threads: 1 })).toEqual({
      ...(await sameAsInNode(LONG_NETWORK)),
      execution: { mode: "worker", threads: 1, reason: "as asked for" },
    });
    expect(await page.close()).toEqual([]);
  });

  test("info counts the workers until releaseThreads ends them, and the next fit starts new ones", async () => {
    const page = await open(url(PAGE));
    const able = { shared: true, reason: "workers can share memory" };
    expect(await page.run(threadsOf)).toEqual({ ...able, workers: 0, memory: 0 });
    await learn(page, NETWORK, { threads: 2 });
    const { memory, ...rest } = await page.run(threadsOf);
    expect(rest).toEqual({ ...able, workers: 2 });
    expect(memory).toBeGreaterThan(20 * 25_001 * 4);
    await page.run(({ releaseThreads }) => releaseThreads());
    expect(await page.run(threadsOf)).toEqual({ ...able, workers: 0, memory: 0 });
    const { execution } = await learn(page, NETWORK, { threads: 2 });
    expect(execution).toEqual(threaded(2));
    expect(await page.close()).toEqual([]);
  });

  test.each(["f32", "f64"] as const)("products of %s in threads have the bits of matmul in Node", async (dtype) => {
    const page = await open(url(PAGE));
    for (const sizes of [
      [1201, 630, 999],
      [999, 630, 1201],
    ]) {
      const found = await page.run(product, dtype, sizes, 2);
      expect(found).toEqual(await product(await packageInNode(), dtype, sizes));
      expect(await page.run(threadsOf)).toMatchObject({ workers: 2 });
    }
    expect(await page.close()).toEqual([]);
  });
});
