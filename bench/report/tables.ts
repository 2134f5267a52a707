/** Recorded rows as Markdown. */
import { type Verdict, verdicts } from "../harness/judge.ts";
import { digits, quantity, rate } from "../harness/print.ts";
import type { Measurement, Recording } from "../harness/recording.ts";
import { ratioOf, timesOf } from "../harness/statistics.ts";
import { rows } from "../rows.ts";
import { samples } from "../work.ts";
import type { Cluster } from "./svg.ts";

/** A Markdown table. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

/** The contenders of some rows in the order of their first appearance. */
function names(measurements: readonly Measurement[]): string[] {
  return [...new Set(measurements.flatMap(({ contenders }) => contenders.map(({ name }) => name)))];
}

/** Medians of every contender with the quartiles of the rounds, a line for each contender and row. */
export function times(measurements: readonly Measurement[]): string {
  const lines = measurements.flatMap(({ id, unit, work, contenders }) =>
    contenders.map(({ name, rounds, reference }, i) => {
      const { median, q1, q3 } = timesOf(rounds);
      const first = contenders[0]!;
      return [
        i === 0 ? id : "",
        reference ? `_${name}_` : name,
        quantity(median, unit),
        `${quantity(q1, unit)} … ${quantity(q3, unit)}`,
        unit === "bytes" ? "" : rate(work, median),
        unit === "bytes" ? "" : `${digits(ratioOf(rounds, first.rounds).median)}×`,
      ];
    }),
  );
  return table(["work", "who", "median", "quartiles", "rate", "against the first"], lines);
}

function asked({ target, against }: Verdict, unit: Measurement["unit"]): string {
  if (target.atMost !== undefined) return `≤ ${quantity(target.atMost, unit)}`;
  return `≥ ${digits(target.atLeast!)}× ${against}`;
}

/** Every target that a recording can judge. */
export function targets(recording: Recording): { lines: string[][]; met: number } {
  let met = 0;
  const lines = recording.rows.flatMap((measurement) => {
    const row = rows.find(({ id }) => id === measurement.id);
    return (row ? verdicts(row, measurement) : []).map((verdict) => {
      const { value, target, met: reached } = verdict;
      if (reached) met++;
      const show = (x: number) => (target.atMost === undefined ? `${digits(x)}×` : quantity(x, measurement.unit));
      const spread = `${show(value.q1)} … ${show(value.q3)}`;
      const mark = reached ? "met" : "**short**";
      return [measurement.id, target.of, asked(verdict, measurement.unit), show(value.median), spread, mark];
    });
  });
  return { lines, met };
}

/** Growth: nanoseconds a sample for each m, and how far they are apart once the data is out of the caches. */
export function growth(recording: Recording): string | undefined {
  const measured = recording.rows.filter(({ group }) => group === "growth");
  if (measured.length < 2) return undefined;
  const perSample = (name: string, { contenders, work }: Measurement): number => {
    const found = contenders.find((contender) => contender.name === name);
    return found ? (timesOf(found.rounds).median / (samples(work) ?? 1)) * 1e6 : Number.NaN;
  };
  const lines = names(measured).map((name) => {
    const all = measured.map((measurement) => perSample(name, measurement));
    const large = all.filter((x, i) => (samples(measured[i]!.work) ?? 0) >= 1e6 && Number.isFinite(x));
    const apart = large.length > 1 ? `${digits((Math.max(...large) / Math.min(...large) - 1) * 100)} %` : "–";
    return [name, ...all.map((x) => (Number.isFinite(x) ? `${digits(x)} ns` : "–")), apart];
  });
  return table(["time per sample", ...measured.map(({ id }) => id), "apart from 10^6 on (asked: ≤ 25 %)"], lines);
}

/** Bars of a group: how many times as fast as the slowest of each row. */
export function clusters(measurements: readonly Measurement[]): Cluster[] {
  return measurements
    .filter(({ unit }) => unit !== "bytes")
    .map(({ id, unit, contenders }) => {
      const shown = contenders.filter(({ reference }) => !reference);
      const medians = shown.map(({ rounds }) => timesOf(rounds).median);
      const slowest = Math.max(...medians);
      const bars = shown.map(({ name }, i) => ({
        label: name,
        value: slowest / medians[i]!,
        text: quantity(medians[i]!, unit),
        ours: name.startsWith("fourlane"),
      }));
      return { title: id, bars };
    });
}
