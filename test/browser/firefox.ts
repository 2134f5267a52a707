/** Firefox, headless, driven by Puppeteer over WebDriver BiDi, the protocol that an unpatched Firefox speaks. */
import { launch } from "puppeteer-core";
import type { Browser } from "./browsers.ts";
import { executable, Log, openIn, REPORT_VIOLATIONS } from "./driving.ts";

const PREFERENCES = {
  // It asks for /favicon.ico by itself, and reports that the page's policy refuses images.
  "browser.chrome.site_icons": false,
};

/** Starts Firefox. FIREFOX in the environment names another executable than Debian's. */
export async function launchFirefox(path = process.env.FIREFOX ?? "/usr/bin/firefox-esr"): Promise<Browser> {
  const browser = await launch({
    browser: "firefox",
    executablePath: executable(path, "Firefox", "firefox-esr"),
    extraPrefsFirefox: PREFERENCES,
  });
  return {
    async open(url) {
      const page = await browser.newPage();
      const log = new Log();
      // Puppeteer's message is the error as Firefox prints it, name included.
      page.on("pageerror", (error) => log.thrown((error as Error).message)).on("console", log.said);
      await page.evaluateOnNewDocument(REPORT_VIOLATIONS);
      return openIn(page, url, log);
    },
    close: () => browser.close(),
  };
}
