/** How long a fit that is given up takes to settle. */
import { uniform } from "../inputs.ts";
import { type Aborted, type Mode, tailOf } from "./recording.ts";
import type { Endless } from "./work.ts";

/** Aborts come so many milliseconds after the beginning, at most: while data is copied, and in the midst of training. */
const LATEST = 400;

/** Aborts a fit over and over, each time at another moment. */
export async function aborts(
  fit: Endless,
  mode: Mode,
  onAbort: "keep" | "restore",
  count: number,
): Promise<Aborted> {
  const times: number[] = [];
  for (const delay of uniform("f64", count, 11, 0, LATEST)) {
    const controller = new AbortController();
    let aborted = 0;
    const timer = setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, delay);
    try {
      await fit.run(mode, { signal: controller.signal, onAbort });
      clearTimeout(timer);
      throw new Error(`${fit.name} ended by itself`);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      times.push(performance.now() - aborted);
    }
  }
  return { work: fit.name, mode, onAbort, tail: tailOf(times) };
}
