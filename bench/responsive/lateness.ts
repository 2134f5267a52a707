/** How late a timer of the calling thread is while something runs. */
import { tailOf, type Watched } from "./recording.ts";

/** Milliseconds of the timer. */
const TIMER = 10;

/** Watches a timer from before `run` until its promise has settled. */
export async function lateness(run: () => Promise<unknown>): Promise<Pick<Watched, "duration" | "tail">> {
  const late: number[] = [];
  let due = performance.now() + TIMER;
  let handle = setTimeout(tick, TIMER);
  function tick(): void {
    late.push(Math.max(performance.now() - due, 0));
    due = performance.now() + TIMER;
    handle = setTimeout(tick, TIMER);
  }
  const start = performance.now();
  await run();
  clearTimeout(handle);
  // A timer that is overdue has been kept waiting too.
  late.push(Math.max(performance.now() - due, 0));
  return { duration: Math.round(performance.now() - start), tail: tailOf(late) };
}
