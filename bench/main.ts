/**
 * fourlane against plain JavaScript: verify, then time. `npm run bench`, under a minute.
 *
 * Contenders take turns within one run, so their ratios hold on a noisy machine where absolute times do not.
 */
import "../scripts/relaxed-simd.ts";
import { Bench } from "tinybench";
import { type Build, configure } from "../src/index.ts";
import type { Contender, Work } from "./contenders/contender.ts";
import { fourlaneOn } from "./contenders/fourlane.ts";
import { plain } from "./contenders/plain.ts";

const WORK: Work[] = [
  { name: "gemm", n: 64 },
  { name: "gemm", n: 256 },
  { name: "sigmoid", n: 1_000_000 },
  { name: "tanh", n: 1_000_000 },
  { name: "two-layer", n_x: 2, n_1: 4, m: 400 },
  { name: "two-layer", n_x: 64, n_1: 128, m: 2000 },
];

/** The builds that this host runs. */
function builds(): Build[] {
  return (["simd", "relaxed"] as const).filter((build) => {
    try {
      configure({ build });
      return true;
    } catch {
      console.log(`(no ${build} build on this host)`);
      return false;
    }
  });
}

/** Times one piece of work; returns a line for each contender with its median, spread and ratio to plain JavaScript. */
async function time(work: Work, contenders: Contender[]): Promise<string[]> {
  const prepared = contenders.map((contender) => contender.prepare(work));
  const results = prepared.map(({ run, result }) => {
    run();
    return result();
  });
  results.forEach((result, i) => {
    if (Math.abs(result - results[0]!) > 1e-4 * Math.max(1, Math.abs(results[0]!))) {
      throw new Error(`${contenders[i]!.name} found ${result}, ${contenders[0]!.name} found ${results[0]}`);
    }
  });
  const bench = new Bench({ time: 400, warmupTime: 100, warmupIterations: 1, iterations: 5 });
  contenders.forEach((contender, i) => {
    bench.add(contender.name, () => prepared[i]!.run());
  });
  await bench.run();
  const latencies = bench.tasks.map((task) => {
    if (!("latency" in task.result)) throw new Error(`${task.name} was not timed`);
    return task.result.latency;
  });
  return bench.tasks.map((task, i) => {
    const { p50, p75, min } = latencies[i]!;
    const times = `${p50.toPrecision(3)} ms (${min.toPrecision(3)} … ${p75.toPrecision(3)})`;
    return `  ${task.name.padEnd(18)} ${times.padEnd(32)} ${(latencies[0]!.p50 / p50).toFixed(1)}×`;
  });
}

const contenders = [plain, ...builds().map(fourlaneOn)];
console.log("median (fastest … third quartile), times as fast as plain JavaScript\n");
for (const work of WORK) {
  const { name, ...sizes } = work;
  console.log(`${name} ${Object.values(sizes).join(", ")}`);
  for (const line of await time(work, contenders)) console.log(line);
}
