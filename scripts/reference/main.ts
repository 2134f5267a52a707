/** Writes the reference of every entry of the package into build/reference; a warning is an error. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { install } from "../install.ts";

const here = new URL("./", import.meta.url);
const root = new URL("../../", here);

/** Conditions of an entry of package.json's exports, nested or not. */
type Conditions = string | { [condition: string]: Conditions };

/** Sources of the entries that are modules with exports: ./dist/graph.d.ts is made from src/graph.ts. */
function sources(entry: Conditions): string[] {
  if (typeof entry !== "string") return Object.values(entry).flatMap(sources);
  const name = /^\.\/dist\/([\w-]+)\.d\.ts$/.exec(entry)?.[1];
  return name === undefined ? [] : [`src/${name}.ts`];
}

install(here);
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { exports: Conditions };
const { status } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL("node_modules/typedoc/bin/typedoc", here)),
    ...["--options", fileURLToPath(new URL("typedoc.json", here))],
    ...[...new Set(sources(manifest.exports))].flatMap((source) => ["--entryPoints", source]),
  ],
  { cwd: root, stdio: "inherit" },
);
process.exit(status ?? 1);
