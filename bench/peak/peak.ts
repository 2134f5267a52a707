/**
 * Measures the limits of this machine: `npm run bench:peak`. Shares of the peak in the suite do not come from here
 * but from the same kernel taking turns with the contenders.
 */
import "../../scripts/relaxed-simd.ts";
import { median } from "../harness/statistics.ts";
import { type Limits, limits } from "./load.ts";

const MEGABYTES = 128;

function rate(run: () => unknown, amount: number): string {
  const end = performance.now() + 600;
  const times: number[] = [];
  for (let now = performance.now(); now < end; ) {
    run();
    const then = performance.now();
    times.push(then - now);
    now = then;
  }
  return `${(amount / median(times) / 1e6).toFixed(1).padStart(6)} (best ${(amount / Math.min(...times) / 1e6).toFixed(1)})`;
}

function show({ build, peak, read, copy }: Limits): void {
  console.log(build);
  console.log(`  multiply-add f32  ${rate(peak("f32", 4e7), 4e7)} GFLOP/s`);
  console.log(`  multiply-add f64  ${rate(peak("f64", 2e7), 2e7)} GFLOP/s`);
  console.log(`  streaming read    ${rate(read(MEGABYTES * 1e6), MEGABYTES * 1e6)} GB/s`);
  console.log(
    `  memory.copy       ${rate(copy(MEGABYTES * 1e6), 2 * MEGABYTES * 1e6)} GB/s, read and written bytes counted`,
  );
}

for (const each of await limits()) show(each);
