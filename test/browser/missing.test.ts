/** Training where workers are refused, gone or unknown: in slices, with the same bits, and with the reason. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { LONG_NETWORK, learn, NETWORK, sameAsInNode } from "./fits.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { type SiteOptions, STRICT } from "./site.ts";

const PAGE = "pages/package.html";
const UNLOADED =
  "no worker could be started: the worker's script could not be loaded. " +
  "configure({ workerUrl }) tells where this package's worker.js is";

const SILENT =
  "no worker could be started: the worker's script did not answer within 10 seconds; it is tried again after releaseThreads(). " +
  "configure({ workerUrl }) tells where this package's worker.js is";

const html = { type: "text/html", body: "<!doctype html><title>What answers every path of some sites</title>" };
const script = {
  type: "text/javascript",
  body: readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8"),
};

/** What browsers say by themselves, in their words. */
const REPORTED = /Content-Security-Policy|Content Security Policy|Loading (Worker|module)|Failed to load/;

/** Counts on `globalThis.started` the workers that a page starts from now on. */
function countWorkers(): void {
  const page = globalThis as unknown as { started: number; Worker: typeof Worker };
  page.started = 0;
  page.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      page.started++;
    }
  };
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);

  describe.each([
    {
      trouble: "whose policy refuses workers",
      site: { policy: STRICT.replace("worker-src 'self'", "worker-src 'none'") },
    },
    { trouble: "that has no worker.js", site: { answers: { "/dist/worker.js": { status: 404 } } } },
    {
      trouble: "that sends worker.js as a text",
      site: { answers: { "/dist/worker.js": { ...script, type: "text/plain" } } },
    },
    { trouble: "that sends a page instead of worker.js", site: { answers: { "/dist/worker.js": html } } },
  ] satisfies { trouble: string; site: SiteOptions }[])("on a site $trouble", ({ site }) => {
    const isolated = useSite(site);
    const plain = useSite({ ...site, isolated: false });

    test("training falls back to slices, once and for all, and the reason tells what to do", async () => {
      for (const [url, plan] of [
        [isolated, NETWORK],
        [plain, LONG_NETWORK],
      ] as const) {
        const page = await open(url(PAGE));
        await page.run(countWorkers);
        const started: number[] = [];
        for (let i = 0; i < 2; i++) {
          expect(await learn(page, plan, { threads: 2 })).toEqual({
            ...(await sameAsInNode(plan)),
            execution: { mode: "slices", threads: 1, reason: UNLOADED },
          });
          started.push(await page.run(() => (globalThis as unknown as { started: number }).started));
        }
        // The second fit knows from the first.
        expect(started).toEqual(url === isolated ? [3, 3] : [1, 1]);
        expect(await page.run(({ info }) => info().threads.workers)).toBe(0);
        expect((await page.close()).filter((error) => !REPORTED.test(error))).toEqual([]);
        expect(page.messages).toEqual([]);
      }
    });
  });

  describe("on a site whose worker.js is a script that never answers", () => {
    const site = { answers: { "/dist/worker.js": { ...script, body: "onmessage = () => {};" } } };
    const isolated = useSite(site);
    const plain = useSite({ ...site, isolated: false });

    test("training waits for it, then falls back to slices, and the reason tells what to do", async () => {
      for (const [url, plan] of [
        [isolated, NETWORK],
        [plain, LONG_NETWORK],
      ] as const) {
        const page = await open(url(PAGE));
        await page.run(() => {
          // Seconds that pass sooner.
          const { setInterval } = globalThis;
          globalThis.setInterval = ((tick: () => void, ms: number) =>
            setInterval(tick, ms / 20)) as unknown as typeof setInterval;
        });
        expect(await learn(page, plan, { threads: 2 })).toEqual({
          ...(await sameAsInNode(plan)),
          execution: { mode: "slices", threads: 1, reason: SILENT },
        });
        expect(await page.run(({ info }) => info().threads.workers)).toBe(0);
        expect(await page.close()).toEqual([]);
      }
    });
  });

  describe.each([
    { trouble: "has no async.js", answer: { status: 404 } },
    { trouble: "sends a page instead of async.js", answer: html },
  ])("on a site that $trouble", ({ answer }) => {
    const url = useSite({ answers: { "/dist/async.js": answer } });

    test("fitAsync is rejected, and its error names the file and what to do", async () => {
      const page = await open(url(PAGE));
      await expect(learn(page, NETWORK, { threads: 2 })).rejects.toMatchObject({
        name: "Error",
        message:
          "fourlane: its module async.js could not be loaded. Serve it beside index.js, as in the package, or let a bundler do that.",
      });
    });
  });

  describe("on a site that has worker.js in another place", () => {
    const url = useSite({ answers: { "/dist/worker.js": { status: 404 }, "/assets/worker-1f.js": script } });

    test.each([
      ["an address", true],
      ["a path from the page", false],
    ] as const)("configure({ workerUrl }) takes %s, also when workers have failed before", async (_, absolute) => {
      const page = await open(url(PAGE));
      expect((await learn(page, NETWORK, { threads: 2 })).execution.mode).toBe("slices");
      await page.run(({ configure }, absolute) => {
        const path = "../assets/worker-1f.js";
        configure({ workerUrl: absolute ? new URL(path, location.href) : path });
      }, absolute);
      expect(await learn(page, NETWORK, { threads: 2 })).toEqual({
        ...(await sameAsInNode(NETWORK)),
        execution: { mode: "threads", threads: 2, reason: "as asked for" },
      });
    });
  });

  describe.each([
    { name: "Worker", plan: NETWORK, mode: "slices", reason: "this host has no workers" },
    { name: "SharedArrayBuffer", plan: LONG_NETWORK, mode: "worker", reason: "this host has no shared memory" },
    // Slices then breathe by timers.
    {
      name: "MessageChannel",
      plan: NETWORK,
      threads: undefined,
      mode: "slices",
      reason: "threads were not asked for",
    },
  ])("on a page without $name", ({ name, plan, mode, reason, ...rest }) => {
    const url = useSite();

    test(`training takes place in ${mode === "worker" ? "one worker" : mode}`, async () => {
      const page = await open(url(PAGE));
      await page.run((_, name) => delete (globalThis as unknown as Record<string, unknown>)[name], name);
      const options = "threads" in rest ? {} : { threads: 2 };
      expect(await learn(page, plan, options)).toEqual({
        ...(await sameAsInNode(plan)),
        execution: { mode, threads: 1, reason },
      });
      expect(page.messages).toEqual([]);
      expect(await page.close()).toEqual([]);
    });
  });
});
