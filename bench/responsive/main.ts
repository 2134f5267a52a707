/**
 * How smoothly the calling thread goes on while fits run, and how soon they give up: `npm run bench:responsive`.
 *
 *     npm run bench:responsive -- [--seconds N] [--aborts N] [--json FILE]
 */
import "../../scripts/relaxed-simd.ts";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as fourlane from "../../src/index.ts";
import { circumstances, engineOf, load } from "../harness/recording.ts";
import { aborts } from "./aborts.ts";
import { lateness } from "./lateness.ts";
import { busyLoops } from "./loops.ts";
import { type Aborted, ASKED, askedOf, type ResponsiveRecording, type Tail, type Watched } from "./recording.ts";
import { endless, SHAPES } from "./work.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    aborts: { type: "string", default: "100" },
    json: { type: "string" },
  },
});
const milliseconds = 1000 * Number(flags.seconds);
const count = Number(flags.aborts);

function show(work: string, mode: string, { p50, p90, p99, max }: Tail, mark: string): void {
  const values = Object.entries({ p50, p90, p99, max }).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  console.log(`  ${work.padEnd(28)} ${mode.padEnd(20)} ${values.join("   ")} ms   ${mark}`);
}

const before = load();
const watched: Watched[] = [];
const aborted: Aborted[] = [];

async function watch(work: string, mode: Watched["mode"], run: () => Promise<unknown>): Promise<void> {
  const seen: Watched = { work, mode, ...(await lateness(run)) };
  const asked = askedOf(mode);
  show(work, mode, seen.tail, asked ? `${seen.tail.p99 < asked ? "✓" : "✗"} p99 < ${asked}` : "");
  watched.push(seen);
}

console.log("how late a timer of 10 ms was");
await watch("nothing", "at rest", () => new Promise((resolve) => setTimeout(resolve, milliseconds / 2)));
await watch("nothing", "2 busy loops", () => busyLoops(milliseconds));
for (const shape of SHAPES) {
  const fit = endless(fourlane, shape);
  for (const mode of ["in slices", "2 threads"] as const) {
    await watch(fit.name, mode, () => fit.run(mode, { milliseconds }));
  }
  fit.release();
}

console.log("from abort() until the promise had settled");
for (const shape of SHAPES) {
  const fit = endless(fourlane, shape);
  for (const mode of ["in slices", "2 threads"] as const) {
    for (const onAbort of ["restore", "keep"] as const) {
      const seen = await aborts(fit, mode, onAbort, count);
      show(
        fit.name,
        `${mode}, ${onAbort}`,
        seen.tail,
        `${seen.tail.max <= ASKED.abort ? "✓" : "✗"} max ≤ ${ASKED.abort}`,
      );
      aborted.push(seen);
    }
  }
  fit.release();
}

const recording: ResponsiveRecording = {
  ...circumstances(engineOf(), before),
  build: fourlane.info().build,
  lateness: watched,
  aborts: aborted,
};
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(recording)}\n`);
