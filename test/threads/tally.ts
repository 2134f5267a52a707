/** What a part of the forks in tests computes, and where it is counted. */
import { type Compute, type Control, MOST_PARTS } from "../../src/threads/control.ts";

/** Threads within a part, by word of the tally. */
export const INSIDE = 0;
/** The part that throws. */
export const BROKEN = 1;
/** The thread that goes slowly. */
export const SLOW = 2;
/** Parts that each thread computed. */
export const BY_THREAD = 8;
/** Times that each part was computed. */
export const TIMES = 64;
/** How many there are. */
export const WORDS = TIMES + MOST_PARTS;

/** No part, no thread. */
export const NONE = -1;

/** What a part is worth, given the fork's first two words. */
export function worth(words: ArrayLike<number>, part: number): number {
  return words[0]! * 1000 + part * words[1]! + 0.25;
}

/** How thread `index` computes parts: counted, in `steps` steps of `work` turns. */
export function partsFor(control: Control, tally: SharedArrayBuffer, index: number): Compute {
  const counts = new Int32Array(tally);
  return function* (part) {
    Atomics.add(counts, INSIDE, 1);
    try {
      const [, , steps, work] = control.words as unknown as [number, number, number, number];
      for (let step = 0; step < steps; step++) {
        if (step > 0) yield;
        for (let turn = 0; turn < work * (index === counts[SLOW] ? 20 : 1); turn++) Atomics.load(counts, SLOW);
        if (part === counts[BROKEN]) throw new Error(`part ${part} is broken`);
      }
      Atomics.add(counts, TIMES + part, 1);
      Atomics.add(counts, BY_THREAD + index, 1);
      return worth(control.words, part);
    } finally {
      Atomics.sub(counts, INSIDE, 1);
    }
  };
}
