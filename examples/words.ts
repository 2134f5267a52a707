/** What the examples say of a training that ran beside other things. */
import type { Execution } from "../src/index.ts";

/** Milliseconds as people say them: 4 s, 2 min 05 s. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Where a training ran, in words. */
export function place({ mode, threads }: Pick<Execution, "mode" | "threads">): string {
  if (mode === "threads") return `in ${threads} threads over one shared memory`;
  return {
    worker: "in a worker with its own copy of the samples",
    slices: "in slices on the calling thread",
    call: "on the calling thread, in one go",
  }[mode];
}
