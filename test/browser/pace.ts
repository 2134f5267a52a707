/** How smoothly a page goes on while something runs: what its visitors would see and feel. */
import type { Page } from "./browsers.ts";

/** The far end of a distribution, in milliseconds. */
export interface Tail {
  count: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** What was seen while something ran, and what it came to. */
export interface Pace<R> {
  result: R;
  /** How long it ran, in milliseconds. */
  duration: number;
  /** Times from one frame to the next. */
  frames: Tail;
  /** How much later than asked a timer of 10 ms fired. */
  lateness: Tail;
}

/** The observations, in milliseconds. */
interface Seen {
  duration: number;
  frames: number[];
  lateness: number[];
}

type Watched = typeof globalThis & { stopWatching(): Seen };

/** Starts to watch. What stopWatching returns includes the wait that is not over yet. */
function startWatching(): void {
  const start = performance.now();
  const frames: number[] = [];
  const lateness: number[] = [];
  let stopped = false;
  let frame = start;
  let timer = start;
  // Clocks are rounded, so that a timer may seem to be early.
  const late = () => Math.max(performance.now() - timer - 10, 0);
  const onFrame = () => {
    if (stopped) return;
    const now = performance.now();
    frames.push(now - frame);
    frame = now;
    requestAnimationFrame(onFrame);
  };
  const onTimer = () => {
    if (stopped) return;
    lateness.push(late());
    timer = performance.now();
    setTimeout(onTimer, 10);
  };
  requestAnimationFrame(onFrame);
  setTimeout(onTimer, 10);
  (globalThis as Watched).stopWatching = () => {
    stopped = true;
    frames.push(performance.now() - frame);
    lateness.push(late());
    return { duration: performance.now() - start, frames, lateness };
  };
}

function tailOf(values: number[]): Tail {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(3));
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/**
 * Watches frames and timers of a page while something runs: `pace(page, () => page.run(train))`.
 *
 * What it returns depends on the machine and on what else it does. A test compares it with what the same page showed a
 * moment before (`pace(page, () => setTimeout(1000))`) or with the duration of the work, never with a time of its own.
 */
export async function pace<R>(page: Page, work: () => Promise<R>): Promise<Pace<R>> {
  await page.run(startWatching);
  const result = await work();
  const { duration, frames, lateness } = await page.run(() => (globalThis as Watched).stopWatching());
  return { result, duration, frames: tailOf(frames), lateness: tailOf(lateness) };
}
