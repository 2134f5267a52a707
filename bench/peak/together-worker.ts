/** One of the workers that do their shares of something at the same moment. */
import { parentPort, workerData } from "node:worker_threads";
import { type Seat, type Turn, Word } from "./seat.ts";

const { module, memory, control, index, workers } = workerData as Seat;
const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as {
  [name: string]: (...share: number[]) => unknown;
};

/** Forks and joins for some time; the time of each. */
function lead({ name, share, milliseconds }: Turn): number[] {
  const times: number[] = [];
  while (Atomics.load(control, Word.present) < workers - 1);
  const end = performance.now() + milliseconds;
  for (let now = performance.now(); now < end; ) {
    Atomics.store(control, Word.done, 0);
    Atomics.add(control, Word.fork, 1);
    exports[name]!(...share);
    while (Atomics.load(control, Word.done) < workers - 1);
    const then = performance.now();
    times.push(then - now);
    now = then;
  }
  Atomics.store(control, Word.fork, -1);
  return times;
}

/** Takes part in every fork until there are no more; awake all the time, so that no waking up is in the times. */
function follow({ name, share }: Turn): void {
  let fork = 0;
  Atomics.add(control, Word.present, 1);
  for (;;) {
    const now = Atomics.load(control, Word.fork);
    if (now === fork) continue;
    if (now < 0) break;
    fork = now;
    exports[name]!(...share);
    Atomics.add(control, Word.done, 1);
  }
}

parentPort!.on("message", (turn: Turn) => {
  parentPort!.postMessage(index === 0 ? lead(turn) : follow(turn));
});
parentPort!.postMessage("ready");
