/** The whole report as files and their text, from nothing but the recorded runs. */
import { readdirSync, readFileSync } from "node:fs";
import type { Circumstances, Recording } from "../harness/recording.ts";
import { rows } from "../rows.ts";
import { browserSection } from "./browser.ts";
import { responsiveSection } from "./responsive.ts";
import { summary } from "./summary.ts";
import { chart } from "./svg.ts";
import { clusters, growth, table, targets, times } from "./tables.ts";

const RESULTS = new URL("../results/", import.meta.url);

function recorded(names: RegExp): Recording[] {
  return readdirSync(RESULTS)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, RESULTS), "utf8")) as Recording);
}

/** The recorded runs: node20.json, node24.json … */
export function recordings(): Recording[] {
  return recorded(/^node\d+\.json$/);
}

/** The recorded runs of the rows of threads, which need a machine with two cores to spare: threads-node20.json … */
export function threadRecordings(): Recording[] {
  return recorded(/^threads-node\d+\.json$/);
}

/** Rows that no recorded run has yet. */
export function unrecorded(): string[] {
  const runs = [...recordings(), ...threadRecordings()];
  const has = new Set(runs.flatMap((run) => run.rows.map(({ id }) => id)));
  return rows.map(({ id }) => id).filter((id) => !has.has(id));
}

/** node20 of "Node 20.1.2 (V8 …)". */
function tag({ engine }: Recording): string {
  return engine.replace(/^(\w+) (\d+).*/, (_, name: string, major: string) => `${name.toLowerCase()}${major}`);
}

function slug(group: string): string {
  return group.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** Engine and machine, what was done in a few words, commit, time and load. */
function about({ machine, load, engine, commit, recorded }: Circumstances, what: string): string {
  const busy = `load ${load.before} before and ${load.after} after`;
  return `${engine}; ${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.system}; ${what}; commit ${commit}, ${recorded}; ${busy}.`;
}

function contenders(recording: Recording): string {
  const all = recording.rows.flatMap((row) => row.contenders);
  const lines = [...new Set(all.map(({ name }) => name))].map((name) => {
    const { version, note } = all.find((contender) => contender.name === name)!;
    return [name, version, note ?? ""];
  });
  return table(["who", "version", "note"], lines);
}

interface Files {
  /** Text by path from the root of the project. */
  [path: string]: string;
}

function engineSection(recording: Recording, files: Files, threads = false): string {
  const { rounds, turn } = recording.effort;
  const most = Math.max(
    ...recording.rows.flatMap((row) => row.contenders.map((contender) => contender.rounds.length)),
  );
  const more = most > rounds ? `, ${most} of longer turns where one thread is compared with two` : "";
  const parts = [
    `## ${threads ? "Threads, " : ""}${recording.engine.replace(/ \(.*/, "")}`,
    about(recording, `${rounds} rounds of turns of ${turn} ms${more}`),
  ];
  const { lines, met } = targets(recording);
  const judged = table(["work", "who", "asked", "measured", "quartiles", ""], lines);
  parts.push(`### Targets: ${met} of ${lines.length} met`, judged);
  for (const group of new Set(recording.rows.map((row) => row.group))) {
    const measured = recording.rows.filter((row) => row.group === group);
    parts.push(`### ${group.replace(/^./, (letter) => letter.toUpperCase())}`);
    const bars = clusters(measured);
    if (bars.length > 0) {
      const name = `${tag(recording)}-${slug(group)}.svg`;
      files[`docs/benchmarks/${name}`] = chart(`${group}, ${recording.engine.replace(/ \(.*/, "")}`, bars);
      parts.push(`![${group}](benchmarks/${name})`);
    }
    const grown = group === "growth" ? growth(recording) : undefined;
    if (grown) parts.push(grown);
    parts.push(times(measured));
  }
  parts.push("### Who takes part", contenders(recording));
  if (recording.leftOut.length > 0) {
    const left = recording.leftOut.map(({ who, reason }) => [who, reason]);
    parts.push("### Left out", table(["who", "why"], left));
  }
  return parts.join("\n\n");
}

const HEAD = `# Benchmarks

Made by \`npm run bench:report\` from the recorded runs in [bench/results](../bench/results); do not edit.

Everyone works on the same numbers, for the same number of iterations, on one thread unless a name says otherwise. An
answer is verified before it is timed. Then all contenders of a row take turns in rounds within one process, and a ratio
is the median over the rounds of the ratio of their medians: what slows the machine down for a while slows both sides.
Absolute times move with the machine and its load; ratios of one run hold better. Rows in which fourlane loses stay in.

Arrays of each library exist beforehand, unless a note says that conversions count; results that a library allocates
are given back at once. \`peak\` is as many multiply-adds between registers in the same 128-bit vectors
(\`bench/peak\`), fused for relaxed, separate for simd: a share of the peak is a ratio to it. \`streaming read\` and \`memcpy\` move as many bytes as the row must. GFLOP/s of networks count the
products only.

How and why: [bench/README.md](../bench/README.md).`;

/** Says which rows have no numbers yet; empty if all have. */
function missing(): string {
  const ids = unrecorded().map((id) => `- ${id}`);
  return ids.length === 0 ? "" : ["## Not recorded yet", ids.join("\n")].join("\n\n");
}

/** Path and text of every file of the report but the README. */
export function report(): Files {
  const files: Files = {};
  const sections = [
    ...recordings().map((recording) => engineSection(recording, files)),
    ...threadRecordings().map((recording) => engineSection(recording, files, true)),
  ];
  files["docs/benchmarks.md"] =
    `${[HEAD, ...sections, responsiveSection(about), browserSection(files), missing()].filter(Boolean).join("\n\n")}\n`;
  return files;
}

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/** The README with its numbers put between the two marks; unchanged if it has no marks. */
export function withNumbers(readme: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < 0) return readme;
  return `${readme.slice(0, start + START.length)}\n\n${summary(recordings(), threadRecordings())}\n\n${readme.slice(end)}`;
}
