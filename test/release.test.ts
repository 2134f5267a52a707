/** What a release changes, and what it refuses. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

  test("of this project has a place for what comes, and kinds of changes that readers know", () => {
    const text = read("CHANGELOG.md");
    const next = released(
      text.replace("## [Unreleased]\n", "## [Unreleased]\n\n- This.\n"),
      "12.34.56",
      "2026-02-03",
    );
    expect(next).toMatch(/^## \[12\.34\.56\] - 2026-02-03\n\n- This\.$/m);
    const kinds = [...text.matchAll(/^### (.*)$/gm)].map(([, kind]) => kind);
    expect(kinds.filter((kind) => !/^(Added|Changed|Deprecated|Removed|Fixed|Security)$/.test(kind!))).toEqual([]);
  });
});

describe("the command", () => {
  const files = ["package.json", "package-lock.json", "CHANGELOG.md"];
  let folder: string;

  /** A project of one file with the script, and checks that end with the given code. */
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fourlane-release-"));
    cpSync(`${root}scripts/release`, join(folder, "scripts/release"), { recursive: true });
    symlinkSync(`${root}node_modules`, join(folder, "node_modules"), "junction");
    const passing = 'node -e "process.exit(Number(process.env.CODE))"';
    const scripts = { "check:package": "node -e 0", check: "node -e 0", "docs:api": "node -e 0", test: passing };
    const manifest = { name: "fourlane", version: "0.1.0", type: "module", files: ["CHANGELOG.md"], scripts };
    const lock = { name: "fourlane", version: "0.1.0", packages: { "": { version: "0.1.0" } } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock, null, 2));
    writeFileSync(join(folder, "CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n\n- This.\n");
    writeFileSync(join(folder, ".gitignore"), "node_modules\nbuild/\n");
    const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    for (const command of [
      ["init", "-q"],
      ["add", "-A"],
      [...author, "commit", "-qm", "Start"],
    ]) {
      spawnSync("git", command, { cwd: folder });
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const texts = (): string[] => files.map((file) => readFileSync(join(folder, file), "utf8"));
  const release = (code: number, ...options: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/release/main.ts", ...options], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, CODE: String(code) },
    });

  test("shows what would change and changes nothing", () => {
    const before = texts();
    const { stdout, status } = release(0, "0.2.0");
    expect(status).toBe(0);
    expect(stdout).toContain('+ "version": "0.2.0",');
    expect(stdout).toContain("+ ## [0.2.0] - ");
    expect(stdout).toContain("Nothing was changed");
    expect(texts()).toEqual(before);
  });

  test("with --write changes the files, packs, and says how to go on", () => {
    const { stdout, stderr, status } = release(0, "0.2.0", "--write");
    expect(status, stderr).toBe(0);
    const [manifest, lock, log] = texts();
    expect(JSON.parse(manifest!).version).toBe("0.2.0");
    expect(JSON.parse(lock!)).toMatchObject({ version: "0.2.0", packages: { "": { version: "0.2.0" } } });
    expect(log).toMatch(/^## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\n- This\.$/m);
    expect(existsSync(join(folder, "build/fourlane-0.2.0.tgz"))).toBe(true);
    expect(stdout).toContain("git tag -a v0.2.0 -m 0.2.0\n");
    expect(stdout).toContain("npm publish build/fourlane-0.2.0.tgz\n");
    expect(spawnSync("git", ["tag"], { cwd: folder, encoding: "utf8" }).stdout).toBe("");
  });

  test("leaves the files as they were where a check fails", () => {
    const before = texts();
    const { stderr, status } = release(1, "0.2.0", "--write");
    expect(status).toBe(1);
    expect(stderr).toContain("The files are what they were.");
    expect(texts()).toEqual(before);
    expect(existsSync(join(folder, "build"))).toBe(false);
  });

  test("with --write refuses a tree that is not clean", () => {
    writeFileSync(join(folder, "new.txt"), "");
    const before = texts();
    const { stderr, status } = release(0, "0.2.0", "--write");
    expect(status).toBe(1);
    expect(stderr).toContain("the tree is not clean:\n?? new.txt");
    expect(texts()).toEqual(before);
  });
});
