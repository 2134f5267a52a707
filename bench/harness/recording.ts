/** What a run of the suite leaves behind. */
import { execFileSync } from "node:child_process";
import { arch, cpus, loadavg, totalmem, type } from "node:os";
import type { Work } from "../work.ts";
import type { Effort } from "./measure.ts";

/** What one contender took in a row. */
export interface Taken {
  name: string;
  version: string;
  note?: string;
  reference?: boolean;
  /** Runs that each sample is the mean of. */
  batch: number;
  /** Samples by round, in the row's unit; empty where it sat out. */
  rounds: number[][];
}

/** A measured row. */
export interface Measurement {
  id: string;
  group: string;
  work: Work;
  unit: "milliseconds" | "bytes";
  contenders: Taken[];
}

/** Where and when something was measured. */
export interface Circumstances {
  recorded: string;
  /** The commit that was measured; "+" if files were changed since. */
  commit: string;
  machine: { processor: string; cores: number; memory: string; system: string };
  /** Average number of running processes over the last minute, before and after: more than the cores is a busy machine. */
  load: { before: number; after: number };
  engine: string;
}

/** A run of the suite on one engine. */
export interface Recording extends Circumstances {
  /** Threads of every contender whose name does not say otherwise. */
  threads: 1;
  effort: Effort;
  rows: Measurement[];
  /** Who could not do a row, or found something else than the others, and was left out. */
  leftOut: LeftOut[];
}

/** Who was left out of a row, and why. */
export interface LeftOut {
  who: string;
  reason: string;
}

function git(...args: string[]): string {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/** The busy-ness of the machine. */
export function load(): number {
  return Number(loadavg()[0]!.toFixed(1));
}

/** The engine that runs this. */
export function engineOf(): string {
  return `Node ${process.versions.node} (V8 ${process.versions.v8})`;
}

/** Here and now, on an engine; `before`: the load when it began. */
export function circumstances(engine: string, before: number): Circumstances {
  const changed =
    git("status", "--porcelain", "--untracked-files=no", "--", "src", "assembly", "bench", ":!bench/results") !==
    "";
  return {
    recorded: new Date().toISOString().slice(0, 16),
    commit: git("rev-parse", "--short=10", "HEAD") + (changed ? "+" : ""),
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
      system: `${type()} ${arch()}`,
    },
    load: { before, after: load() },
    engine,
  };
}

/** A recording of rows measured just now. */
export function record(
  engine: string,
  effort: Effort,
  before: number,
  rows: Measurement[],
  leftOut: LeftOut[],
): Recording {
  return { ...circumstances(engine, before), threads: 1, effort, rows, leftOut };
}
