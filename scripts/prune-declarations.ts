/** Deletes declarations in dist/ that no entry of the package leads to: its users' compilers never read them. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const reached = new Set<string>();
/** Follows what a declaration imports, in whatever form. */
function reach(file: string): void {
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  for (const [, from] of readFileSync(file, "utf8").matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    reach(join(dirname(file), from!.replace(/\.[jt]s$/, ".d.ts")));
  }
}

for (const [, types] of JSON.stringify(entries).matchAll(/"types":"([^"]+)"/g)) reach(join(root, types!));
const dist = join(root, "dist");
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const file = join(dist, name);
  if (name.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
}
