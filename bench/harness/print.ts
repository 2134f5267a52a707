/** Measured rows as text. */
import { rows } from "../rows.ts";
import { flops, samples, traffic, type Work } from "../work.ts";
import { type Verdict, verdicts } from "./judge.ts";
import type { Measurement, Taken } from "./recording.ts";
import { ratioOf, timesOf } from "./statistics.ts";

/** Three digits, without exponents. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return "–";
  if (Math.abs(x) >= 100) return x.toFixed(0);
  return x.toPrecision(Math.abs(x) < 0.1 ? 2 : 3);
}

/** A time in the unit that suits it, or a number of bytes. */
export function quantity(x: number, unit: Measurement["unit"]): string {
  if (unit === "bytes") return x >= 2 ** 20 ? `${digits(x / 2 ** 20)} MiB` : `${digits(x / 2 ** 10)} KiB`;
  if (x >= 1000) return `${digits(x / 1000)} s`;
  if (x >= 1) return `${digits(x)} ms`;
  return x >= 1e-3 ? `${digits(x * 1e3)} µs` : `${digits(x * 1e6)} ns`;
}

/** What the work amounts to in a second, where there is a measure of it. */
export function rate(work: Work, milliseconds: number): string {
  const operations = flops(work);
  const bytes = traffic(work);
  const count = samples(work);
  if (bytes !== undefined) return `${digits(bytes / milliseconds / 1e6)} GB/s`;
  if (operations !== undefined) return `${digits(operations / milliseconds / 1e6)} GFLOP/s`;
  return count === undefined ? "" : `${digits((milliseconds / count) * 1e6)} ns/sample`;
}

/** One contender against the first. */
function line(measurement: Measurement, { name, rounds }: Taken, first: Taken, width: number): string {
  const { median, q1, q3 } = timesOf(rounds);
  const { unit, work } = measurement;
  const ratio = unit === "bytes" ? "" : `${digits(ratioOf(rounds, first.rounds).median)}×`;
  const range = `${quantity(q1, unit)} … ${quantity(q3, unit)}`;
  const speed = unit === "bytes" ? "" : rate(work, median);
  return `  ${name.padEnd(width)} ${quantity(median, unit).padStart(9)}  ${range.padEnd(22)} ${speed.padStart(14)} ${ratio.padStart(8)}`;
}

/** A target and what was reached, as a phrase. */
export function phrase({ target, against, value, met }: Verdict, unit: Measurement["unit"]): string {
  const mark = met ? "✓" : "✗";
  if (target.atMost !== undefined) {
    return `${mark} ${target.of} ${quantity(value.median, unit)}, at most ${quantity(target.atMost, unit)}`;
  }
  const range = `${digits(value.q1)} … ${digits(value.q3)}`;
  return `${mark} ${target.of} ${digits(value.median)}× ${against} (${range}), at least ${digits(target.atLeast!)}`;
}

/** A row: each contender's median, quartiles, rate and speed relative to the first; then the targets. */
export function print(measurement: Measurement): string {
  const row = rows.find(({ id }) => id === measurement.id)!;
  const [first] = measurement.contenders;
  const width = Math.max(22, ...measurement.contenders.map(({ name }) => name.length));
  const lines = measurement.contenders.map((contender) => line(measurement, contender, first!, width));
  const judged = verdicts(row, measurement).map((verdict) => `    ${phrase(verdict, measurement.unit)}`);
  return [measurement.id, ...lines, ...judged, ""].join("\n");
}
