/** Pages that show the program's answer, opened in a browser. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "../../test/browser/browsers.ts";
import { launchChromium } from "../../test/browser/chromium.ts";
import { STRICT } from "../../test/browser/site.ts";
import { type Site, serve } from "../static-server.ts";
import { type Answer, NotAvailable } from "./host.ts";
import type { Stage } from "./stage.ts";

/** What a page answered, and the browser that it was in. */
export interface Opened {
  answer: Answer;
  version: string;
  title: string;
}

/** The answer in a text that a page shows. */
export function shown(text: string): Answer {
  const answer = JSON.parse(text) as Answer | { error: string };
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

/** The text of an element once it has some. @throws at the first error that the page reports. */
async function textOf(page: Page, selector: string): Promise<string> {
  for (const start = performance.now(); performance.now() - start < 60_000; await setTimeout(100)) {
    const found = await page.run((_, selector) => document.querySelector(selector)?.textContent, selector);
    if (found) return found;
    if (page.errors.length > 0) throw new Error("it showed no answer");
  }
  throw new Error("it showed no answer within a minute");
}

/** How a page is opened: in Chromium, with the answer in `#answer`, unless told. */
export interface Opening {
  launch?: () => Promise<Browser>;
  selector?: string;
}

/** Opens an address and waits for the answer. @throws where the page reports errors. */
export async function open(
  url: string,
  { launch = launchChromium, selector = "#answer" }: Opening = {},
): Promise<Opened> {
  const browser = await launch().catch((error: Error) => {
    throw / is not at /.test(error.message) ? new NotAvailable(error.message) : error;
  });
  let page: Page | undefined;
  try {
    page = await browser.open(url);
    const answer = shown(await textOf(page, selector));
    const title = await page.run(() => document.title);
    const version = await page.run(() => {
      const [, name, number] = navigator.userAgent.match(/(Firefox|Chrome)\/(\d+)/) ?? [];
      return `${name === "Chrome" ? "Chromium" : name} ${number}`;
    });
    if ((await page.close()).length > 0) throw new Error("it gave its answer");
    return { answer, version, title };
  } catch (error) {
    const errors = page?.errors ?? [];
    const reported = errors.length > 0 ? `; the page reported: ${[...new Set(errors)].join("; ")}` : "";
    throw new Error(`${(error as Error).message}${reported}`);
  } finally {
    await browser.close();
  }
}

/** Where no bundler does, nobody finds "fourlane": a script then imports the package's file. */
export function byPath({ edit }: Stage, script: string): void {
  edit(script, (text) => text.replace('"fourlane"', '"./node_modules/fourlane/dist/index.js"'));
}

/** Serves a folder as a strict site would, and hands its address on. */
export async function served<T>(folder: string, use: (url: string) => Promise<T>): Promise<T> {
  const site: Site = {
    folders: { "/": pathToFileURL(`${folder}/`) },
    headers: { "Content-Security-Policy": policyFor(readFileSync(join(folder, "index.html"), "utf8")) },
    // Browsers ask for it unasked.
    answers: { "/favicon.ico": () => ({ status: 204 }) },
  };
  const server = await serve(site);
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

/** The strict policy, with the hashes of the scripts that a page has in its own text. */
function policyFor(html: string): string {
  const inline = Array.from(
    html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g),
    ([, text]) => text!,
  );
  const hashes = inline.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  return STRICT.replace("'self'", ["'self'", ...hashes].join(" "));
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
