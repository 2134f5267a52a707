/** The types: results have the right ones, and wrong options do not compile, for the reason that test/types gives. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const folder = new URL("build/types/", root);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** What the compiler says about a program in `build/types`, by lines: its words, and those of the program that it points at. */
function complaints(name: string, source: string): Map<number, string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.ts`, folder), source);
  const project = new URL(`tsconfig.${name}.json`, folder);
  writeFileSync(project, JSON.stringify({ extends: "../../tsconfig.json", include: [], files: [`${name}.ts`] }));
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", fileURLToPath(project), "--pretty", "false"], {
    encoding: "utf8",
  });
  const lines = source.split("\n");
  const found = new Map<number, string>();
  for (const part of stdout.split(/^(?=\S.*\(\d+,\d+\): error )/m)) {
    const [, row, column] = /\((\d+),(\d+)\): error /.exec(part) ?? [];
    if (row) found.set(Number(row), `${part}at: ${lines[Number(row) - 1]!.slice(Number(column) - 1)}`);
  }
  return found;
}

const MARK = /^\/\/ @ts-expect-error (\w+)$/;

test("results have the types that test/types/results.test-d.ts says", () => {
  const source = read("test/types/results.test-d.ts");
  expect(Object.fromEntries(complaints("results", source))).toEqual({});
});

test("each wrong option of test/types/options.test-d.ts is an error about it, and nothing else is one", () => {
  const lines = read("test/types/options.test-d.ts").split("\n");
  const expected = lines.flatMap((line, i) => (MARK.test(line) ? [[i + 2, MARK.exec(line)![1]!] as const] : []));
  expect(expected.length).toBeGreaterThan(60);
  const source = lines.map((line) => (MARK.test(line) ? "" : line)).join("\n");
  const found = complaints("options", source);
  expect([...found.keys()]).toEqual(expected.map(([line]) => line));
  const unnamed = expected.filter(
    ([line, name]) => !new RegExp(`'${name}' does not exist|^at: ${name}\\b`, "m").test(found.get(line)!),
  );
  expect(unnamed).toEqual([]);
});

/** Types that hold options or values by name, of an entry. */
function optionTypes(entry: string): string[] {
  const names = read(`src/${entry}.ts`).matchAll(/\btype (\w+)|\{ (\w+(?:, \w+)*) \}/g);
  const all = [...names].flatMap(([, one, several]) => (one ? [one] : several!.split(", ")));
  const exported = [...read(`src/${entry}.ts`).matchAll(/export type \{([^}]*)\}/g)].flatMap(([, list]) =>
    list!.split(",").map((name) => name.trim()),
  );
  const holds = /(Options?|Configuration|EarlyStopping|Start)$/;
  return [...new Set([...all, ...exported])].filter((name) => holds.test(name)).sort();
}

describe.each([
  ["index", 20],
  ["graph", 2],
  ["npy", 3],
])("of %s", (entry, least) => {
  const types = optionTypes(entry);

  test("every type of options refuses a name that it does not have", () => {
    expect(types.length).toBeGreaterThanOrEqual(least);
    const probes = types.map((type) => `({ misspelt: true }) satisfies Partial<${type}>;`);
    const head = `import type { ${types.join(", ")} } from "../../src/${entry}.ts";`;
    const found = complaints(`refusing-${entry}`, [head, ...probes].join("\n"));
    expect(types.filter((_, i) => !found.get(i + 2)?.includes("'misspelt' does not exist"))).toEqual([]);
  });
});
