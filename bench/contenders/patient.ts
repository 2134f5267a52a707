/** What turns of rows of threads have in common. */
import { mean } from "../harness/statistics.ts";
import type { SelfTimed } from "./contender.ts";

/**
 * Milliseconds of a sample: workers tell of epochs no more often, since telling disturbs them. So everyone's samples are
 * means over so long; a median of shorter ones would leave out what disturbs a run now and then.
 */
export const WINDOW = 15;

/** Milliseconds of the shortest turn, which has several samples. */
export const LONG_TURN = 120;

/** Turns as long, with samples as long, as those of threads. */
export function patient(turn: SelfTimed["turn"]): SelfTimed["turn"] {
  return async (milliseconds, batch) => windows(await turn(Math.max(milliseconds, LONG_TURN), batch));
}

/** Mean times of runs that follow each other for at least WINDOW milliseconds. */
function windows(times: readonly number[]): number[] {
  const means: number[] = [];
  let window: number[] = [];
  for (const time of times) {
    window.push(time);
    const average = mean(window);
    if (window.length * average < WINDOW) continue;
    means.push(average);
    window = [];
  }
  return means.length > 0 ? means : [mean(window)];
}
