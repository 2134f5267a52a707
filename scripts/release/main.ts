/**
 * Prepares a release, all but publishing: `npm run release -- 0.2.0` shows what would change, with `--write` it does it.
 *
 * It asks for a clean tree, puts the version into package.json and package-lock.json, dates the changelog, runs what must
 * hold, and packs. Where something fails, the files are what they were. Committing, tagging and publishing stay with whoever
 * runs it; the commands are shown.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkVersion, released, withVersion } from "./files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What must hold, what fails soonest first. `check:package` builds, and weighs what npm would publish. */
const CHECKS = ["check:package", "check", "docs:api", "test"];

/** Runs a command and returns what it prints. */
function output(command: string, ...rest: string[]): string {
  return execFileSync(command, rest, { cwd: root, encoding: "utf8" }).trim();
}

/** Runs a script of package.json, or npm itself, and shows what it prints. */
function npm(...rest: string[]): void {
  console.log(`\n== npm ${rest.join(" ")}`);
  execFileSync("npm", rest, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
}

/** Lines that differ, as a diff shows them. */
function changes(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `  - ${line.trim()}`);
  return [...gone, ...now.filter((line) => !old.includes(line)).map((line) => `  + ${line.trim()}`)].join("\n");
}

function main(version: string | undefined, write: boolean): void {
  if (version === undefined) throw new Error("which version? npm run release -- 0.2.0 [--write]");
  const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");
  const { version: current } = JSON.parse(read("package.json")) as { version: string };
  checkVersion(version, current, output("git", "tag", "--list").split("\n"));

  const date = new Date().toISOString().slice(0, 10);
  const files: Record<string, (text: string) => string> = {
    "package.json": (text) => withVersion(text, version),
    "package-lock.json": (text) => withVersion(text, version),
    "CHANGELOG.md": (text) => released(text, version, date),
  };
  const texts = Object.entries(files).map(([file, change]) => ({
    file,
    before: read(file),
    after: change(read(file)),
  }));
  for (const { file, before, after } of texts)
    console.log(`${file}\n${changes(before, after) || "  stays as it is"}`);

  const status = output("git", "status", "--porcelain");
  if (!write) {
    const unclean = status === "" ? "" : "\nThe tree is not clean, which --write asks for.";
    console.log(`\nNothing was changed; --write does, then runs ${CHECKS.join(", ")} and packs.${unclean}`);
    return;
  }
  if (status !== "") throw new Error(`the tree is not clean:\n${status}`);

  try {
    for (const { file, after } of texts) writeFileSync(`${root}${file}`, after);
    for (const script of CHECKS) npm("run", "-s", script);
    mkdirSync(`${root}build`, { recursive: true });
    npm("pack", "--ignore-scripts", "--pack-destination", "build");
  } catch (error) {
    for (const { file, before } of texts) writeFileSync(`${root}${file}`, before);
    throw new Error(`${(error as Error).message}. The files are what they were.`);
  }
  console.log(`
Ready. What is left, if it is as it should be:

  git commit -am "Release ${version}"
  git tag -a v${version} -m ${version}
  git push --follow-tags
  npm publish build/fourlane-${version}.tgz`);
}

try {
  main(
    process.argv.slice(2).find((argument) => !argument.startsWith("--")),
    process.argv.includes("--write"),
  );
} catch (error) {
  console.error(`release: ${(error as Error).message}`);
  process.exitCode = 1;
}
