/** Runs the comparison in the visitor's own browser and draws the bars. */
import type { Contender } from "../contenders/contender.ts";
import { builds, fourlaneOn } from "../contenders/fourlane.ts";
import { plain } from "../contenders/plain.ts";
import { measure } from "../harness/measure.ts";
import type { Measurement } from "../harness/recording.ts";
import { backends } from "../peers/contenders/tensorflow-work.ts";
import { chart } from "../report/svg.ts";
import { clusters } from "../report/tables.ts";
import { rows } from "../rows.ts";
import { browser, element, measureOnDemand } from "./about.ts";

const SHOWN = new Set([
  "gemm f32 16",
  "gemm f32 64",
  "gemm f32 256",
  "gemm f32 (128, 512, 784)",
  "sigmoid f32 10^6",
  "tanh f32 10^6",
  "logistic 10^6 × 8",
  "two-layer (2, 4, 400)",
  "two-layer (64, 128, 10000)",
  "add (2, 2)",
]);

const EFFORT = { rounds: 5, turn: 12, warmup: 80 };

/** The smallest step of the clock, in microseconds. */
function clock(): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 50; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    smallest = Math.min(smallest, now - start);
  }
  return smallest * 1000;
}

/** Lets the page paint. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}

async function run(): Promise<object> {
  const status = element("status");
  const contenders: Contender[] = [plain, ...builds().map(fourlaneOn), ...backends("tfjs/")];
  const measured: Measurement[] = [];
  const failures: string[] = [];
  const wanted = rows.filter(({ id }) => SHOWN.has(id));
  for (const row of wanted) {
    status.textContent = `${row.id} (${measured.length + 1} of ${wanted.length}) …`;
    await breathe();
    const onFailure = (name: string, error: unknown) => failures.push(`${row.id}, ${name}: ${error}`);
    const measurement = await measure(row, contenders, EFFORT, onFailure);
    if (measurement) measured.push(measurement);
    element("chart").innerHTML = chart(browser(), clusters(measured));
  }
  status.textContent = failures.length === 0 ? "Done." : `Done, but ${failures.join("; ")}`;
  return {
    recorded: new Date().toISOString().slice(0, 16),
    browser: browser(),
    rounds: EFFORT.rounds,
    clock: clock(),
    failures,
    rows: measured,
  };
}

measureOnDemand(run);
