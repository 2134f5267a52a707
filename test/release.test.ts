/** What a release changes, and what it refuses. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkVersion, released, withVersion } from "../scripts/release/files.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");

describe("the version", () => {
  test.each([
    ["0.2.0", "0.1.0", ["v0.1.0"]],
    ["0.10.0", "0.9.0", ["v0.9.0"]],
    ["1.0.0", "1.0.0-rc.1", ["v1.0.0-rc.1"]],
    ["0.1.0", "0.1.0", []],
  ])("%s may follow %s with tags %j", (version, current, tags) => {
    expect(() => checkVersion(version, current, tags)).not.toThrow();
  });

  test.each([
    ["0.1.0", "0.1.0", ["v0.1.0"], "v0.1.0 is tagged already; expected a later version."],
    ["0.9.0", "0.10.0", [], "0.9.0 is not later than 0.10.0, which package.json has."],
    ["v0.2.0", "0.1.0", [], '"v0.2.0" is no version; expected one such as 1.2.3.'],
    ["0.2", "0.1.0", [], '"0.2" is no version; expected one such as 1.2.3.'],
  ])("%s may not follow %s with tags %j", (version, current, tags, message) => {
    expect(() => checkVersion(version, current, tags)).toThrow(new Error(message));
  });
});

describe.each(["package.json", "package-lock.json"])("in %s", (file) => {
  const text = read(file);
  const next = withVersion(text, "12.34.56");

  test("the package's version changes and nothing else", () => {
    const { version } = JSON.parse(text) as { version: string };
    expect(JSON.parse(next).version).toBe("12.34.56");
    expect(next.replaceAll('"version": "12.34.56"', `"version": "${version}"`)).toBe(text);
  });

  test("it changes wherever it stands", () => {
    expect(next.split('"12.34.56"')).toHaveLength(file === "package.json" ? 2 : 3);
  });
});

test("a dependency of the same version keeps it", () => {
  const lock = JSON.stringify(
    { version: "0.1.0", packages: { "": { version: "0.1.0" }, "node_modules/a": { version: "0.1.0" } } },
    null,
    2,
  );
  expect(JSON.parse(withVersion(lock, "0.2.0"))).toEqual({
    version: "0.2.0",
    packages: { "": { version: "0.2.0" }, "node_modules/a": { version: "0.1.0" } },
  });
});

describe("the changelog", () => {
  const log = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- This.\n\n## [0.1.0] - 2026-01-01\n\n- That.\n";

  test("has under the version what was unreleased", () => {
    expect(released(log, "0.2.0", "2026-02-03")).toBe(
      "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- This.\n\n## [0.1.0] - 2026-01-01\n\n- That.\n",
    );
  });

  test.each([
    ["the version's heading", log, "0.1.0", "CHANGELOG.md has 0.1.0 already."],
    ["no changes", log.replace("- This.\n", ""), "0.2.0", 'CHANGELOG.md says nothing under "## [Unreleased]".'],
    ["no place for them", "# Changelog\n", "0.2.0", 'CHANGELOG.md has no heading "## [Unreleased]".'],
  ])("is refused with %s", (_, text, version, message) => {
    expect(() => released(text, version, "2026-02-03")).toThrow(new Error(message));
  });

  test("of this project can be released, and says who reads it what changed", () => {
    const next = released(read("CHANGELOG.md"), "12.34.56", "2026-02-03");
    expect(next).toMatch(/^## \[12\.34\.56\] - 2026-02-03$/m);
    const kinds = [...next.matchAll(/^### (.*)$/gm)].map(([, kind]) => kind);
    expect(kinds.filter((kind) => !/^(Added|Changed|Deprecated|Removed|Fixed|Security)$/.test(kind!))).toEqual([]);
  });
});

test("without --write nothing changes", () => {
  const files = ["package.json", "package-lock.json", "CHANGELOG.md"];
  const before = files.map(read);
  const { stdout, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", "scripts/release/main.ts", "12.34.56"],
    { cwd: root, encoding: "utf8" },
  );
  expect(status).toBe(0);
  expect(stdout).toContain('+ "version": "12.34.56",');
  expect(stdout).toContain("+ ## [12.34.56] - ");
  expect(stdout).toContain("Nothing was changed");
  expect(files.map(read)).toEqual(before);
});
