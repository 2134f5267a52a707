import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { recordings, report, threadRecordings, unrecorded, withNumbers } from "../bench/report/report.ts";
import { targets } from "../bench/report/tables.ts";
import { ofThreads } from "../bench/row.ts";
import { rows } from "../bench/rows.ts";

const root = new URL("../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");

test("the report and its charts are those of the recorded runs", () => {
  const files = report();
  for (const [path, expected] of Object.entries(files)) expect(text(path), path).toBe(expected);
  const charts = Object.keys(files).filter((path) => path.endsWith(".svg"));
  expect(
    readdirSync(new URL("docs/benchmarks/", root))
      .map((name) => `docs/benchmarks/${name}`)
      .sort(),
  ).toEqual(charts.sort());
});

test("the README's numbers are those of the recorded runs", () => {
  const readme = text("README.md");
  expect(readme).toContain("<!-- bench:start -->");
  expect(withNumbers(readme)).toBe(readme);
});

test("a recorded run has every row, those that fall short too, on one engine each", () => {
  const runs = recordings();
  expect(runs.length).toBeGreaterThan(0);
  expect(new Set(runs.map(({ engine }) => engine)).size).toBe(runs.length);
  // Rows that none of them has yet are named in the report; those of threads may have a run of their own.
  const apart = threadRecordings().flatMap((run) => run.rows.map(({ id }) => id));
  expect(apart.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  const missing = [...unrecorded(), ...apart];
  const names = rows.map(({ id }) => id).filter((id) => !missing.includes(id));
  for (const run of runs) {
    expect(run.rows.map(({ id }) => id)).toEqual(names);
    expect(targets(run).lines.length).toBeGreaterThan(50);
    expect(run.threads).toBe(1);
  }
});

test("a recorded run of threads has all of their rows, on one engine each", () => {
  const runs = threadRecordings();
  expect(new Set(runs.map(({ engine }) => engine)).size).toBe(runs.length);
  const names = rows.filter(ofThreads).map(({ id }) => id);
  for (const run of runs) expect(run.rows.map(({ id }) => id)).toEqual(names);
});

test("names of rows are unique", () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});
