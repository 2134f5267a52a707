/** What both drivers do alike: find the executable, open a page, keep a record of what went wrong in it. */
import { existsSync } from "node:fs";
import type { Page } from "./browsers.ts";
import { expression, outcome } from "./work.ts";

/** The path, once something is there. Tests without their browser fail: skipped ones would look like good ones. */
export function executable(path: string, name: string, debianPackage: string): string {
  if (existsSync(path)) return path;
  const remedy = `Debian's package "${debianPackage}" has it: apt-get install ${debianPackage}.`;
  throw new Error(`${name} is not at ${path}. ${remedy}`);
}

/** Runs in a page before its own scripts. Browsers differ in which refusals they report, and where. */
export const REPORT_VIOLATIONS = `addEventListener("securitypolicyviolation", (event) => {
  console.error("Content-Security-Policy: " + event.effectiveDirective + " refuses " + event.blockedURI);
});`;

/** Refusals are reported in tasks of their own, after what was refused has gone on. */
const SETTLED = "new Promise((resolve) => setTimeout(resolve, 50))";

/** What a page of Playwright and one of Puppeteer have in common. */
interface Driven {
  goto(url: string): Promise<unknown>;
  evaluate(text: string): Promise<unknown>;
  isClosed(): boolean;
  close(): Promise<void>;
}

/** What a page said. Its functions are handlers for the events of a driver's page. */
export class Log {
  readonly errors: string[] = [];
  readonly messages: string[] = [];

  readonly thrown = (text: string): void => {
    this.errors.push(text);
  };

  readonly said = (message: { type(): string; text(): string }): void => {
    if (message.type() === "error") this.errors.push(message.text());
    else this.messages.push(`${message.type()}: ${message.text()}`);
  };
}

/** Opens an address in a page that is still empty and whose events go to the log. */
export async function openIn(page: Driven, url: string, { errors, messages }: Log): Promise<Page> {
  await page.goto(url);
  return {
    errors,
    messages,
    run: async (work, ...args) => outcome((await page.evaluate(expression(work, args))) as string),
    async close() {
      if (!page.isClosed()) {
        await page.evaluate(SETTLED);
        await page.close();
      }
      return errors;
    },
  };
}
