/** The way to src/async, a module of its own that is loaded when something is first to run asynchronously. */

import { asyncMissing } from "./check.ts";

type Async = typeof import("./async/index.ts");

let loaded: Async | undefined;

/** The module that runs fits and products asynchronously. @throws Error where it cannot be loaded. */
export async function loadAsync(): Promise<Async> {
  loaded ??= await import("./async/index.ts").catch(asyncMissing);
  return loaded;
}

/** How many workers there are, and the bytes of memory that they share. */
export function census(): { workers: number; bytes: number } {
  return loaded?.census() ?? { workers: 0, bytes: 0 };
}

/**
 * Ends all workers: those without work at once, the others when their work is done. Nobody needs to call it: workers
 * without work end after half a minute, and never keep a process alive. A script of workers that did not start, which fits
 * avoid from then on, is tried again.
 */
export async function releaseThreads(): Promise<void> {
  await loaded?.releaseThreads();
}
