/** What of examples/page needs no browser, and its server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFlower, scattered } from "../examples/page/flower.ts";
import { Frames, swing } from "../examples/page/frames.ts";
import { colorOf, pixelCentres, reachOf, shade } from "../examples/page/ground.ts";
import { ISOLATION, type Server, serve } from "../scripts/static-server.ts";
import { abs, max, scope, sub, sum } from "../src/index.ts";

describe("the page", () => {
  const csv = readFileSync(new URL("../data/planar-flower.csv", import.meta.url), "utf8");

  test("reads the flower as samples in columns", () => {
    scope(() => {
      const { X, Y } = readFlower(csv);
      X.assertShape(2, 400);
      Y.assertShape(1, 400);
      expect(X.item(1, 0)).toBeCloseTo(3.576114, 5);
      expect(sum(Y)).toBe(200);
    });
  });

  test("scatters copies around each point, the first of which is the point, and the same ones again", () => {
    scope(() => {
      const flower = readFlower(csv);
      const { X, Y } = scattered(flower, 3, 7);
      X.assertShape(2, 1200);
      expect(X.columns(0, 400).toArray()).toEqual(flower.X.toArray());
      expect(Y.columns(800, 1200).toArray()).toEqual(flower.Y.toArray());
      const far = max(abs(sub(X.columns(400, 800), flower.X)));
      expect(far).toBeGreaterThan(0);
      expect(far).toBeLessThan(0.5);
      expect(scattered(flower, 3, 7).X.toArray()).toEqual(X.toArray());
    });
  });

  test("asks for the middle of each pixel, the top row first", () => {
    expect([...pixelCentres({ reach: 2, side: 2 })]).toEqual([-1, 1, -1, 1, 1, 1, -1, -1]);
    expect(reachOf([1, -4, 2])).toBeCloseTo(4.2, 12);
    expect(reachOf([])).toBe(1);
  });

  test("shades the likelier class, the stronger the surer", () => {
    const pixels = shade([0, 0.5, 1], colorOf("#0000ff"), colorOf(" #ff0000"));
    const [first, middle, last] = [0, 4, 8].map((at) => [...pixels.slice(at, at + 4)]);
    expect([first!.slice(0, 3), middle!.slice(0, 3), last!.slice(0, 3)]).toEqual([
      [0, 0, 255],
      [0, 0, 255],
      [255, 0, 0],
    ]);
    expect(first![3]).toBe(last![3]);
    expect(middle![3]).toBeLessThan(first![3]!);
    expect(() => colorOf("red")).toThrow('colorOf: hex is "red"; expected #rrggbb.');
  });

  test("counts frames and knows its longest pause, but not that of a hidden tab", () => {
    const frames = new Frames();
    for (const now of [0, 20, 120, 140]) frames.tick(now);
    expect([frames.perSecond, frames.longest]).toEqual([4, 100]);
    frames.reset();
    frames.skip();
    for (const now of [5000, 5016]) frames.tick(now);
    expect([frames.perSecond, frames.longest]).toEqual([2, 16]);
  });

  test("swings to and fro", () => {
    expect([0, 500, 1000].map((now) => swing(now, 1000))).toEqual([0, 1, 0]);
  });

  test("has every element that its program looks for", () => {
    const [html, program] = ["index.html", "page.ts"].map((name) =>
      readFileSync(new URL(`../examples/page/${name}`, import.meta.url), "utf8"),
    );
    const wanted = [...program!.matchAll(/(?:element(?:<\w+>)?|say)\("(\w+)"/g)].map(([, id]) => id!);
    expect(new Set(wanted).size).toBeGreaterThan(10);
    expect(wanted.filter((id) => !html!.includes(`id="${id}"`))).toEqual([]);
  });

  test("asks for nothing that its policy forbids", () => {
    const html = readFileSync(new URL("../examples/page/index.html", import.meta.url), "utf8");
    expect(html).not.toMatch(/<style|style=|\son\w+=|https?:|<script(?![^>]*\ssrc=)/);
  });
});

describe("the server of pages", () => {
  const folder = pathToFileURL(`${mkdtempSync(`${tmpdir()}/page-`)}/`);
  let server: Server;
  beforeAll(async () => {
    writeFileSync(new URL("index.html", folder), "<p>a page");
    server = await serve({ folders: { "/": folder }, headers: ISOLATION });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Asks for a path as it is; `fetch` would tidy it up. */
  const get = (path: string) =>
    new Promise<[status: number | undefined, headers: Record<string, unknown>]>((resolve, reject) => {
      request(server.url, { path }, (response) => {
        response.resume();
        resolve([response.statusCode, response.headers]);
      })
        .on("error", reject)
        .end();
    });

  test("isolates the page", async () => {
    const [status, headers] = await get("/?anything");
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html;charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
  });

  test.each(["/nothing.js", "/../package.json", "/%2e%2e/package.json", "//index.html"])(
    "%s is not here",
    async (path) => {
      expect((await get(path))[0]).toBe(404);
    },
  );
});
