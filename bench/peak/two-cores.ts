/** Waits for a machine that gives two whole cores: of a virtual one's, somebody else has a part now and then. */
import { median } from "../harness/statistics.ts";
import { multipliers } from "./together.ts";

/** Half a millisecond of one core. */
const FLOPS = 2e7;

/** Milliseconds that each of the two parts of a look takes. */
const LOOK = 50;

/** Looks in a row that must be good: two seconds. */
const LOOKS = 20;

/** Times as much that two cores do as one: less where the second, more where the first is not whole. */
const TWO = { least: 1.9, most: 2.1 } as const;

/**
 * Resolves when two threads that compute between registers have done twice what one does, for two seconds.
 *
 * @throws Error if that has not come true after so many minutes.
 */
export async function twoCores(minutes: number): Promise<void> {
  const one = await multipliers("simd", 1, "f32", FLOPS);
  const two = await multipliers("simd", 2, "f32", FLOPS);
  const end = performance.now() + 60_000 * minutes;
  try {
    for (let good = 0; good < LOOKS; ) {
      const worth = median(await one.turn(LOOK)) / median(await two.turn(LOOK));
      good = worth >= TWO.least && worth <= TWO.most ? good + 1 : 0;
      if (performance.now() > end) throw new Error(`no two whole cores for 2 seconds within ${minutes} minutes`);
    }
  } finally {
    one.release();
    two.release();
  }
}
