/** The section of the report about the browser page's recorded result. */
import { existsSync, readFileSync } from "node:fs";
import { digits, quantity } from "../harness/print.ts";
import type { Measurement } from "../harness/recording.ts";
import { chart } from "./svg.ts";
import { clusters, times } from "./tables.ts";

const FILE = new URL("../results/browser.json", import.meta.url);

interface BrowserRecording {
  recorded: string;
  browser: string;
  rounds: number;
  /** Steps of the page's clock, in microseconds. */
  clock: number;
  rows: Measurement[];
}

/** Tables and a chart of the recorded page; empty if there is none. Adds the chart to `files`. */
export function browserSection(files: { [path: string]: string }): string {
  if (!existsSync(FILE)) return "";
  const { recorded, browser, rounds, clock, rows } = JSON.parse(readFileSync(FILE, "utf8")) as BrowserRecording;
  files["docs/benchmarks/browser.svg"] = chart(`In the browser: ${browser}`, clusters(rows));
  const slowest = quantity(
    Math.max(...rows.flatMap((row) => row.contenders.flatMap((c) => c.rounds.flat()))),
    "milliseconds",
  );
  return [
    "## In the browser",
    `${browser}, ${recorded}, ${rounds} rounds, a clock of ${digits(clock)} µs; the slowest sample took ${slowest}. The page is [bench/browser](../bench/browser): \`npm run bench:browser\` serves it, and it measures the visitor's own browser.`,
    "![browser](benchmarks/browser.svg)",
    times(rows),
  ].join("\n\n");
}
