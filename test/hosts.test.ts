/** What docs/hosts says is what the hosts of test/hosts-js did and run: `npm run hosts`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer, Host } from "../scripts/hosts/host.ts";
import { expectedAnswer, fault } from "../scripts/hosts/judge.ts";
import { FOLDERS, hosts, type Listed } from "../scripts/hosts/list.ts";
import { type Row, readRecording } from "../scripts/hosts/recording.ts";
import { withTable } from "../scripts/hosts/table.ts";
import { ISOLATION } from "../scripts/static-server.ts";
import { STRICT } from "./browser/site.ts";

const root = new URL("../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const page = text("docs/hosts.md");
const pages = readdirSync(new URL("docs/hosts/", root));
const recorded = readRecording();

let expected: Answer;
let listed: Listed[];
beforeAll(async () => {
  [expected, listed] = await Promise.all([expectedAnswer(), hosts()]);
});

describe("the table", () => {
  test("is that of the recorded run", () => {
    expect(withTable(page)).toBe(page);
  });

  test("has every folder of hosts, and every host in it", () => {
    const folders = readdirSync(new URL("hosts-js/", import.meta.url), { withFileTypes: true });
    expect([...FOLDERS].sort()).toEqual(
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort(),
    );
    const names = listed.map(({ folder, host }) => [folder, host.name, host.how]);
    expect(recorded.map(({ folder, host, how }) => [folder, host, how])).toEqual(names);
    for (const { name } of listed.map(({ host }) => host)) expect(page).toContain(`| [${name}](`);
  });

  test("says passed of hosts that gave the weights of this source, where they were to be trained, and of no others", () => {
    const passed = recorded.filter(({ outcome }) => outcome === "passed");
    expect(passed.length).toBeGreaterThan(25);
    for (const { host, weights, execution } of passed) {
      const { execution: wanted } = listed.find((each) => each.host.name === host)!.host;
      expect([host, weights, execution]).toEqual([host, expected.weights, wanted]);
    }
    const others = recorded.filter(({ outcome }) => outcome !== "passed");
    const reasons = (rows: readonly Row[]) => rows.map(({ host, outcome, why }) => [host, outcome, why]);
    expect(reasons(others)).toEqual(
      listed.flatMap(({ host }) => (host.pending ? [[host.name, "pending", host.pending]] : [])),
    );
  });
});

describe("a host", () => {
  const host = { execution: "worker" } as Host;
  const good = (): Answer => ({ ...expected, execution: { mode: "worker", threads: 1, reason: "as asked for" } });

  test("with the source's answer has no fault", () => {
    expect(expected.product).toEqual([[42]]);
    expect(expected.prediction).toEqual([[0, 1, 0, 1]]);
    expect(fault(good(), expected, host)).toBeUndefined();
  });

  test.each([
    [{ build: "relaxed" }, 'build is "relaxed"; expected "simd"'],
    [{ product: [[41]] }, "product is [[41]]; expected [[42]]"],
    [{ prediction: [[1, 1, 0, 1]] }, "prediction is [[1,1,0,1]]; expected [[0,1,0,1]]"],
    [{ weights: "00" }, 'weights are "00"; expected "'],
    [
      { execution: { mode: "slices", threads: 1, reason: "no workers" } },
      "fitAsync ran in slices: no workers; expected worker",
    ],
  ] satisfies [Partial<Answer>, string][])("that answers %j is at fault", (other, message) => {
    expect(fault({ ...good(), ...other }, expected, host)).toContain(message);
  });
});

describe.each(FOLDERS)("test/hosts-js/%s", (folder) => {
  const read = (name: string): string => text(`test/hosts-js/${folder}/${name}`);

  test("pins what it installs, and names no registry", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
    const versions = Object.values<string>({ ...dependencies, ...devDependencies, ...optionalDependencies });
    for (const version of versions) expect(version).toMatch(/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/);
    expect(existsSync(new URL(`hosts-js/${folder}/package-lock.json`, import.meta.url))).toBe(versions.length > 0);
    if (versions.length > 0) expect(read("package-lock.json")).not.toContain('"resolved"');
  });
});

describe.each(pages)("docs/hosts/%s", (name) => {
  const markdown = text(`docs/hosts/${name}`);
  const blocks = Array.from(markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm), ([, language, code]) => ({
    language: language!,
    lines: linesOf(code!),
  }));

  test("is linked from the page of hosts, and links back", () => {
    expect(page).toContain(`](hosts/${name})`);
    expect(markdown).toContain("](../hosts.md)");
  });

  test("shows lines that hosts run", () => {
    expect(blocks.length).toBeGreaterThan(0);
    const linked = Array.from(markdown.matchAll(/\.\.\/\.\.\/test\/hosts-js\/(\w+)/g), ([, folder]) => folder!);
    expect(linked.length).toBeGreaterThan(0);
    const files = linked.flatMap((folder) =>
      readdirSync(new URL(`hosts-js/${folder}/`, import.meta.url), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => linesOf(text(`test/hosts-js/${folder}/${entry.name}`))),
    );
    const headers = Object.entries({ "Content-Security-Policy": STRICT, ...ISOLATION });
    const served = headers.map(([header, value]) => `${header}: ${value}`);
    for (const { language, lines } of blocks) {
      const sources = language === "http" ? [served] : files;
      const has =
        sources.some((source) => inOrder(lines, source)) || sources.some((source) => quotes(source, lines));
      expect(has, lines.join("\n")).toBe(true);
    }
  });
});

/** Lines that say something, without their indentation. */
function linesOf(code: string): string[] {
  return code.split("\n").flatMap((line) => line.trim() || []);
}

/** Whether all lines stand in a file, in their order, perhaps with others between. */
function inOrder(lines: readonly string[], file: readonly string[]): boolean {
  let at = 0;
  return lines.every((line) => {
    at = file.indexOf(line, at) + 1;
    return at > 0;
  });
}

/** Whether a file has the one line in a text. */
function quotes(file: readonly string[], lines: readonly string[]): boolean {
  return lines.length === 1 && file.some((line) => line.includes(`"${lines[0]}"`));
}
