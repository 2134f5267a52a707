/** The browsers, behind one interface, so that a test is written once and runs in all of them. */
import { launchChromium } from "./chromium.ts";
import { launchFirefox } from "./firefox.ts";
import type { Work } from "./work.ts";

/** A page that is open. */
export interface Page {
  /**
   * Runs a function in the page and returns what it returns. It gets the package, where the page put it on
   * `globalThis.fourlane` as /pages/package.html does, and the arguments.
   *
   * Only its text gets there: it can use nothing from around it, imports included. Arguments travel as JSON; so do
   * results, in which typed arrays keep their bits. What it throws is thrown here, with its name and message.
   */
  run<A extends unknown[], R>(work: Work<A, R>, ...args: A): Promise<R>;
  /** So far: errors that nobody caught, `console.error`, and what the Content-Security-Policy refused. */
  readonly errors: readonly string[];
  /** So far: everything else on the console, as `level: text`. */
  readonly messages: readonly string[];
  /** Closes the page and returns its errors, of which none is on its way any more. */
  close(): Promise<readonly string[]>;
}

/** A browser that runs. Of several open pages, Firefox gives frames and punctual timers to the last alone. */
export interface Browser {
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** A browser that can be started. */
export interface Launcher {
  readonly name: string;
  /** Its package in Debian. */
  readonly debian: string;
  /** Starts it, headless, from Debian's path unless told. */
  launch(path?: string): Promise<Browser>;
}

/** The browsers that Debian has: two engines of three. */
export const browsers: readonly Launcher[] = [
  { name: "Chromium", debian: "chromium", launch: launchChromium },
  { name: "Firefox", debian: "firefox-esr", launch: launchFirefox },
];
