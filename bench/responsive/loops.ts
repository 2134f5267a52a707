/** What the system alone makes of a timer while as many threads are busy: workers that do nothing of this package's. */
import { Worker } from "node:worker_threads";

/** Keeps two threads busy for so long. */
export async function busyLoops(milliseconds: number): Promise<void> {
  const workers = [1, 2].map(() => new Worker("for (let x = 0; ; ) x = Math.sqrt(x + 1);", { eval: true }));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await Promise.all(workers.map((worker) => worker.terminate()));
}
