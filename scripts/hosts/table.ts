/** The table in docs/hosts.md, from the recording. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Row, readRecording } from "./recording.ts";

const START = "<!-- hosts:start -->\n";
const END = "<!-- hosts:end -->";
const page = new URL("../../docs/hosts.md", import.meta.url);

const count = (bytes: number): string => bytes.toLocaleString("en");

function line(row: Row): string {
  const { folder, host, how, outcome, why, version, execution, bundle, weights } = row;
  const cells = [
    `[${host}](../test/hosts-js/${folder})`,
    version ?? "",
    how,
    why === undefined ? outcome : `${outcome}: ${why.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}`,
    execution ?? "",
    bundle ? `${count(bundle.bytes)} (${count(bundle.gzipped)})` : "",
    weights ? `\`${weights.slice(0, 12)}\`` : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A text with the recorded table between its marks. */
export function withTable(text: string, rows: readonly Row[] = readRecording()): string {
  const head = [
    "| host | version | how the package gets in | outcome | `fitAsync({ threads: 1 })` ran | bundle, bytes (gzipped) | SHA-256 of the weights |",
    "|---|---|---|---|---|---|---|",
  ];
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/hosts.md has no ${START.trim()} … ${END}`);
  return `${before}${START}${[...head, ...rows.map(line)].join("\n")}\n${END}${after}`;
}

/** Writes the table into the page. */
export function writeTable(): void {
  writeFileSync(page, withTable(readFileSync(page, "utf8")));
}
