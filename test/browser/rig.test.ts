/** The rig itself: what it serves, what it brings back from a page, what it says without a browser. */
import { get } from "node:http";
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { STRICT } from "./site.ts";
import type { Fourlane } from "./work.ts";

/** Status and headers of a path sent as it is: fetch would tidy it up. */
function request(server: string, path: string): Promise<{ status: number; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    get(server, { path }, (response) => {
      response.resume();
      resolve({ status: response.statusCode!, headers: response.headers });
    }).on("error", reject);
  });
}

describe("the server", () => {
  const url = useSite({ answers: { "/dist/kernel.simd.wasm": { status: 404 } } });
  const plain = useSite({ isolated: false, policy: "" });

  test("serves what is in its folders, with the types that browsers insist on", async () => {
    const types = ["dist/index.js", "dist/kernel.relaxed.wasm", "pages/package.html"].map(
      async (path) => (await request(url(""), `/${path}`)).headers["content-type"],
    );
    expect(await Promise.all(types)).toEqual(["text/javascript", "application/wasm", "text/html;charset=utf-8"]);
  });

  test.each([
    "/",
    "//",
    "/package.json",
    "/dist/nothing.js",
    "/dist/../package.json",
    "/dist/%2e%2e/package.json",
    "/dist/..%2fpackage.json",
    "/dist/..%5cpackage.json",
    "/dist//../../package.json",
    "/dist/%",
    "/dist/kernel.simd.wasm",
  ])("answers 404 to %s", async (path) => {
    expect((await request(url(""), path)).status).toBe(404);
  });

  test("isolates pages and states the policy on every response, unless told otherwise", async () => {
    const headers = {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "content-security-policy": STRICT,
    };
    for (const path of ["/dist/index.js", "/pages/package.html", "/nothing"]) {
      expect((await request(url(""), path)).headers).toMatchObject(headers);
      const without = (await request(plain(""), path)).headers;
      expect(Object.keys(headers).filter((name) => name in without)).toEqual([]);
    }
  });
});

describe.each(browsers)("$name", ({ name, debian, launch }) => {
  test("that is not installed fails the tests, with the package to install", async () => {
    await expect(launch("/nowhere/browser")).rejects.toThrow(
      `${name} is not at /nowhere/browser. Debian's package "${debian}" has it: apt-get install ${debian}.`,
    );
  });

  describe("once started", () => {
    const open = useBrowser(launch);
    const url = useSite();

    test("brings back typed arrays with their bits, and the rest as JSON", async () => {
      const page = await open(url("pages/package.html"));
      const special = (fourlane: Fourlane, ...given: number[]) => ({
        given,
        package: typeof fourlane,
        single: Float32Array.of(0.1, -0, Number.NaN),
        double: [Float64Array.of(0.1, 5e-324, -0, Number.NEGATIVE_INFINITY).subarray(1)],
        shared: new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer, 0, 2),
      });
      expect(await page.run(special, 1, 0.1)).toEqual({
        given: [1, 0.1],
        package: "object",
        single: Float32Array.of(0.1, -0, Number.NaN),
        double: [Float64Array.of(5e-324, -0, Number.NEGATIVE_INFINITY)],
        shared: new Int32Array(2),
      });
      expect(await page.run(() => undefined)).toBeUndefined();
    });

    test("passes on what the page throws, name and message", async () => {
      const page = await open(url("pages/package.html"));
      const thrown = page.run(({ matmul, zeros }) => matmul(zeros([2, 3]), zeros([2, 3])).shape);
      await expect(thrown).rejects.toMatchObject({
        name: "RangeError",
        message: expect.stringMatching(/^matmul: a is \(2, 3\)/),
      });
      await expect(page.run(() => Promise.reject("a text"))).rejects.toThrow("a text");
    });

    test("collects what goes wrong unasked, workers included", async () => {
      const page = await open(url("pages/package.html"));
      await page.run(() => {
        console.log("noted");
        console.error("complained");
        setTimeout(() => {
          throw new Error("thrown late");
        });
        void Promise.reject(new TypeError("rejected"));
        const worker = new Worker("/pages/failing-worker.js", { type: "module" });
        return new Promise<void>((resolve) => {
          worker.onerror = () => resolve();
        });
      });
      const errors = await page.close();
      expect([...errors].sort()).toEqual([
        "Error: in the worker",
        "Error: thrown late",
        "TypeError: rejected",
        "complained",
      ]);
      expect(page.messages).toEqual(["log: noted"]);
    });
  });
});
