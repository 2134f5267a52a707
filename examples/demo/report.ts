/** Numbers and tables as text. */
import type { ConfusionMatrix, Info } from "../../src/index.ts";
import { paint, type Screen } from "./screen.ts";

/** What one training came to. */
export interface Result {
  name: string;
  /** Costs before the first update and after the last. */
  first: number;
  last: number;
  /** Shares of labels predicted correctly. */
  train: number;
  test: number;
  /** Updates of the parameters a second. */
  speed: number;
}

/** A whole number with its thousands set apart. */
export function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Updates a second, to three significant digits. */
export function rate(speed: number): string {
  return thousands(Number(speed.toPrecision(3)));
}

/** A cost: four decimals. */
export function fixed(value: number): string {
  return value.toFixed(4);
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A rule across the screen with a title in it. */
export function heading(screen: Screen, title: string): string {
  const rest = "─".repeat(Math.max(0, screen.width - title.length - 4));
  return `${paint(screen, "dim", "──")} ${paint(screen, "bold", title)} ${paint(screen, "dim", rest)}`;
}

/** Text broken between words into lines of the screen's width. */
export function wrapped(screen: Pick<Screen, "width">, text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > screen.width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join("\n");
}

/** Lines of cells: the first column to the left, the others to the right, each as wide as it has to be. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("   "),
  );
}

/** Which build runs and why, and what that means for the results. */
export function environment({ build, reason, reproducible }: Info): string {
  const promise = reproducible
    ? "its results are the same bits on every machine"
    : "its last bits may differ from other machines'";
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}. Kernel: the ${build} build, because ${reason}; ${promise}.`;
}

/** Cost, accuracy and speed of one training. */
export function facts(screen: Screen, { first, last, train, test, speed }: Result, seconds: number): string {
  const fact = (name: string, value: string) => `  ${name.padEnd(10)}${value}`;
  return [
    fact("cost", `${fixed(first)} → ${paint(screen, "bold", fixed(last))}`),
    fact("accuracy", `${percent(train)} train, ${paint(screen, "bold", percent(test))} test`),
    fact("speed", `${rate(speed)} iterations per second (${seconds.toFixed(2)} s)`),
  ].join("\n");
}

/** The confusion matrix with its labels, and what follows from it for the second class. */
export function confusion(
  screen: Screen,
  matrix: ConfusionMatrix,
  [zero, one]: readonly [string, string],
  scores: { precision: number; recall: number; f1: number },
): string {
  const [header, ...rows] = table([
    ["test samples", `called ${zero}`, `called ${one}`],
    [`are ${zero}`, ...matrix[0].map(String)],
    [`are ${one}`, ...matrix[1].map(String)],
  ]);
  const { precision, recall, f1 } = scores;
  return [
    `  ${paint(screen, "dim", header!)}`,
    ...rows.map((row) => `  ${row}`),
    `  of ${one}: precision ${percent(precision)}, recall ${percent(recall)}, F1 ${percent(f1)}`,
  ].join("\n");
}

/** All trainings side by side. */
export function summary(screen: Screen, results: readonly Result[]): string {
  const [header, ...rows] = table([
    ["", "cost", "train", "test", "it/s"],
    ...results.map(({ name, first, last, train, test, speed }) => [
      name,
      `${fixed(first)} → ${fixed(last)}`,
      percent(train),
      percent(test),
      rate(speed),
    ]),
  ]);
  return [`  ${paint(screen, "dim", header!)}`, ...rows.map((row) => `  ${row}`)].join("\n");
}
