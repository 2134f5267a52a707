/** Runs groups of rows, each in a process of its own, and collects what they measured. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { twoCores } from "../peak/two-cores.ts";
import type { Row } from "../row.ts";
import type { Reply, Request } from "./child.ts";
import type { Effort } from "./measure.ts";
import { type LeftOut, load, type Measurement, type Recording, record } from "./recording.ts";

/** What to run. */
export interface Plan {
  rows: readonly Row[];
  effort: Effort;
  /** The engine; the one that runs this by default. */
  node?: string;
  /** Modules that add contenders. */
  more?: string[];
  /** Hears of each row as it is done. */
  onRow(measurement: Measurement): void;
  onFailure(who: string, reason: string): void;
}

/** Minutes that a group which compares one thread with two waits for two whole cores; then it is left out. */
const PATIENCE = 10;

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

function runGroup(request: Request, node: string, hear: (message: Reply) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, {
      execPath: node,
      execArgv: ["--expose-gc", "--import", import.meta.resolve("tsx")],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", hear);
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`A measuring process ended with ${code ?? signal}`)),
    );
    child.send(request);
  });
}

/** Runs a plan, group by group. A group that fails is reported, and the others go on. */
export async function run(plan: Plan): Promise<Recording> {
  const before = load();
  const measured: Measurement[] = [];
  const leftOut: LeftOut[] = [];
  let engine = "";
  const fail = (who: string, reason: string): void => {
    leftOut.push({ who, reason });
    plan.onFailure(who, reason);
  };
  const hear = (message: Reply): void => {
    if (message.kind === "engine") engine = message.engine;
    if (message.kind === "failed") fail(message.id, message.reason);
    if (message.kind === "measured") {
      measured.push(message.measurement);
      plan.onRow(message.measurement);
    }
  };
  for (const group of new Set(plan.rows.map((row) => row.group))) {
    const wanted = plan.rows.filter((row) => row.group === group);
    const ids = wanted.map((row) => row.id);
    const request: Request = { ids, effort: plan.effort, more: plan.more ?? [] };
    try {
      if (wanted.some(({ work }) => work.kind === "threaded")) await twoCores(PATIENCE);
      await runGroup(request, plan.node ?? process.execPath, hear);
    } catch (error) {
      fail(group, String(error));
    }
  }
  return record(engine, plan.effort, before, measured, leftOut);
}
