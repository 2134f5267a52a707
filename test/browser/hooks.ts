/** Browsers and sites for the tests of a `describe`, which end with it. */
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { Server } from "../../scripts/static-server.ts";
import type { Browser, Launcher, Page } from "./browsers.ts";
import { type SiteOptions, serveSite } from "./site.ts";

/** A function that opens a page, for as long as the test runs. Each test that cannot have its browser fails. */
export function useBrowser(launch: Launcher["launch"]): (url: string) => Promise<Page> {
  let browser: Promise<Browser> | undefined;
  afterAll(() =>
    browser?.then(
      ({ close }) => close(),
      () => undefined,
    ),
  );
  return async (url) => {
    browser ??= launch();
    const page = await (await browser).open(url);
    onTestFinished(async () => void (await page.close()));
    return page;
  };
}

/** A function from a path to its address: `url("pages/package.html")`. */
export function useSite(options?: SiteOptions): (path: string) => string {
  let server: Server;
  beforeAll(async () => {
    server = await serveSite(options);
  });
  afterAll(() => server?.close());
  return (path) => server.url + path;
}
