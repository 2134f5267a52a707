/** The package as npm packs it, unpacked where a program finds it as `fourlane`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A packed package. */
export interface Tarball {
  /** The .tgz file. */
  file: string;
  /** What is in it, by paths within the package. */
  paths: string[];
  /** A folder with a `node_modules` that holds only this package. */
  project: string;
  /** The text of a file in it. */
  read(path: string): string;
  /** Deletes it all. */
  remove(): void;
}

/** Packs `dist` as the last build left it. */
export function pack(): Tarball {
  const project = mkdtempSync(join(tmpdir(), "fourlane-tarball-"));
  const options = ["--json", "--ignore-scripts", "--pack-destination", project];
  const report = execFileSync("npm", ["pack", ...options], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename, files }] = JSON.parse(report) as [{ filename: string; files: { path: string }[] }];
  const file = join(project, filename);
  const place = join(project, "node_modules", "fourlane");
  mkdirSync(place, { recursive: true });
  execFileSync("tar", ["-xzf", file, "-C", place, "--strip-components", "1"]);
  return {
    file,
    paths: files.map(({ path }) => path),
    project,
    read: (path) => readFileSync(join(place, path), "utf8"),
    remove: () => rmSync(project, { recursive: true }),
  };
}
