/** Training on pages that are not isolated, so that no memory can be shared. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { LONG_NETWORK, learn, NETWORK, sameAsInNode } from "./fits.ts";
import { useBrowser, useSite } from "./hooks.ts";

const PAGE = "pages/package.html";
const REASON =
  "this page is not cross-origin isolated, so workers cannot share memory. Serve it with the headers " +
  "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);
  const url = useSite({ isolated: false });

  test("one worker trains the model of fit in Node, and the reason names the headers that allow more", async () => {
    const page = await open(url(PAGE));
    expect(await learn(page, LONG_NETWORK, { threads: 2 })).toEqual({
      ...(await sameAsInNode(LONG_NETWORK)),
      execution: { mode: "worker", threads: 1, reason: REASON },
    });
    expect(await page.run(({ info }) => info().threads)).toEqual({
      shared: false,
      reason: REASON,
      workers: 1,
      memory: 0,
    });
    await page.run(({ releaseThreads }) => releaseThreads());
    expect(await page.run(({ info }) => info().threads.workers)).toBe(0);
    expect(page.messages).toEqual([]);
    expect(await page.close()).toEqual([]);
  });

  test("mini-batches in f64 come back from the worker with their bits too", async () => {
    const page = await open(url(PAGE));
    const plan = { ...LONG_NETWORK, dtype: "f64", batchSize: 4096 } as const;
    const found = await learn(page, plan, { threads: 1 });
    expect(found).toEqual({
      ...(await sameAsInNode(plan)),
      execution: expect.objectContaining({ mode: "worker" }),
    });
    expect(await page.close()).toEqual([]);
  });

  test("a fit that is too short for a worker runs in slices", async () => {
    const page = await open(url(PAGE));
    expect(await learn(page, NETWORK, { threads: 2 })).toEqual({
      ...(await sameAsInNode(NETWORK)),
      execution: { mode: "slices", threads: 1, reason: "too small for a worker" },
    });
    expect(page.messages).toEqual([]);
    expect(await page.close()).toEqual([]);
  });
});
