/** What `npm run bench:responsive` leaves behind. All times are milliseconds. */
import type { Circumstances } from "../harness/recording.ts";
import { quantile } from "../harness/statistics.ts";

/** Where a fit ran; at rest: nothing did; busy loops: two workers did nothing but turn. */
export type Mode = "at rest" | "2 busy loops" | "in slices" | "2 threads";

/** The far end of a distribution. */
export interface Tail {
  count: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** How late a timer was on the calling thread, or how far apart frames were on a page. */
export interface Watched {
  work: string;
  mode: Mode;
  /** How long it was watched. */
  duration: number;
  tail: Tail;
}

/** How long it took from abort() until the promise had settled. */
export interface Aborted {
  work: string;
  mode: Mode;
  onAbort: "keep" | "restore";
  tail: Tail;
}

/** A run in Node. */
export interface ResponsiveRecording extends Circumstances {
  build: string;
  lateness: Watched[];
  aborts: Aborted[];
}

/** A run in a browser. */
export interface FramesRecording {
  recorded: string;
  browser: string;
  /** Whether its workers could share memory. */
  isolated: boolean;
  build: string;
  frames: Watched[];
}

/** What is asked of the 99th percentile of lateness, and of the longest time to settle. */
export const ASKED = { lateness: { "in slices": 25, "2 threads": 5 }, abort: 50 } as const;

/** What is asked of the 99th percentile of lateness, if anything is. */
export function askedOf(mode: Mode): number | undefined {
  return mode in ASKED.lateness ? ASKED.lateness[mode as keyof typeof ASKED.lateness] : undefined;
}

/** The tail of some values, in whole microseconds. */
export function tailOf(values: readonly number[]): Tail {
  const at = (p: number): number => Number(quantile(values, p).toFixed(3));
  return { count: values.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
