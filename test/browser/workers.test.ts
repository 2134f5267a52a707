/** What threads need of a browser: module workers, memory shared with them, and word of those that cannot start. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { STRICT } from "./site.ts";
import type { Fourlane } from "./work.ts";

/** Posts a shared memory to a worker that adds one to its first number; what comes of it. */
function shareMemory(_: Fourlane, path: string): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const worker = new Worker(path, { type: "module" });
    worker.onmessage = () => resolve(new Int32Array(memory.buffer)[0]!);
    worker.onerror = ({ message }) => resolve(`error event, message ${message}`);
    try {
      worker.postMessage(memory);
    } catch (error) {
      reject(error);
    }
  });
}

const PAGE = "pages/package.html";
const WORKER = "/pages/adding-worker.js";

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);

  describe("with isolation headers", () => {
    const url = useSite({ answers: { "/gone.js": { status: 404 } } });

    test("a module worker gets the page's memory itself, not a copy", async () => {
      const page = await open(url(PAGE));
      expect(await page.run(shareMemory, WORKER)).toBe(1);
      expect(await page.close()).toEqual([]);
    });

    test("a worker whose script is gone is an error event that does not say why", async () => {
      const page = await open(url(PAGE));
      expect(await page.run(shareMemory, "/gone.js")).toBe("error event, message undefined");
    });
  });

  describe("without isolation headers", () => {
    const url = useSite({ isolated: false });

    test("shared memory can be made but not posted", async () => {
      const page = await open(url(PAGE));
      await expect(page.run(shareMemory, WORKER)).rejects.toMatchObject({ name: "DataCloneError" });
    });
  });

  describe("under a policy without workers", () => {
    const url = useSite({ policy: STRICT.replace("worker-src 'self'", "worker-src 'none'") });

    test("a worker is an error event that does not say why, and the page reports the refusal", async () => {
      const page = await open(url(PAGE));
      expect(await page.run(shareMemory, WORKER)).toBe("error event, message undefined");
      expect(await page.close()).toContainEqual(
        `Content-Security-Policy: worker-src refuses ${url(WORKER.slice(1))}`,
      );
    });
  });
});
