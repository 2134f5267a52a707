/** Chromium, headless, driven by Playwright. */
import { chromium } from "playwright-core";
import type { Browser } from "./browsers.ts";
import { executable, Log, openIn, REPORT_VIOLATIONS } from "./driving.ts";

// Machines for tests have no graphics card. Frames come at 60 a second with this flag and without.
const FLAGS = ["--disable-gpu"];

/** Starts Chromium. CHROMIUM in the environment names another executable than Debian's. */
export async function launchChromium(path = process.env.CHROMIUM ?? "/usr/bin/chromium"): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: executable(path, "Chromium", "chromium"),
    args: FLAGS,
    // Its sandbox does not start where tests run as root.
    chromiumSandbox: false,
  });
  return {
    async open(url) {
      const page = await browser.newPage();
      const log = new Log();
      page.on("pageerror", (error) => log.thrown(String(error))).on("console", log.said);
      await page.addInitScript(REPORT_VIOLATIONS);
      return openIn(page, url, log);
    },
    close: () => browser.close(),
  };
}
