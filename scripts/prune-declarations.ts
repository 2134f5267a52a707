/**
 * Leaves in dist/ the declarations that the package's users see. What no entry exports, and nothing that an entry exports
 * mentions, is deleted: their compilers would read it for nothing.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const roots = new Set(
  [...JSON.stringify(entries).matchAll(/"types":"([^"]+)"/g)].map(([, types]) => join(root, types!)),
);

/** What reached files say, by their names. */
const files = new Map<string, string>();

const FROM = /^(?:import|export) (?:type )?\{([^}]*)\} from "(\.[^"]+)";\n/gm;
const ANY = /\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

function target(file: string, from: string): string {
  return join(dirname(file), from.replace(/\.[jt]s$/, ".d.ts"));
}

/** Follows what a declaration imports, in whatever form. */
function reach(file: string, reached: Set<string>): void {
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  if (!files.has(file)) files.set(file, readFileSync(file, "utf8"));
  for (const [, from] of files.get(file)!.matchAll(ANY)) reach(target(file, from!), reached);
}

/** The names in the braces of an import or export, as they are called where they come from. */
function namesIn(braces: string): string[] {
  const parts = braces.split(",").map((part) => part.trim());
  return parts.filter(Boolean).map((part) => part.replace(/^type /, "").split(" ")[0]!);
}

/** What other files name of a file; undefined where they may mean anything. */
function asked(file: string, reached: Set<string>): Set<string> | undefined {
  const names = new Set<string>();
  for (const other of reached) {
    const text = files.get(other)!;
    for (const [, braces, from] of text.matchAll(FROM)) {
      if (target(other, from!) === file) for (const name of namesIn(braces!)) names.add(name);
    }
    for (const [, from] of text.replaceAll(FROM, "").matchAll(ANY))
      if (target(other, from!) === file) return undefined;
  }
  return names;
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text);
}

/** A statement with what is said about it; a line that is indented, or closes, belongs to the one before. */
const STATEMENT =
  /(?:^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^(?:export )?(?:declare )?(?:abstract )?(?:class|function|const|type|interface) (\w+)[^\n]*\n(?:[ }][^\n]*\n)*/gm;

/** A file without statements that nobody asks for, and without imports that it has no use for. */
function pruned(file: string, reached: Set<string>): string {
  let text = files.get(file)!;
  const names = roots.has(file) ? undefined : asked(file, reached);
  if (names) {
    text = text.replace(STATEMENT, (statement, name) => {
      const needed = names.has(name) || mentions(text.replaceAll(statement, ""), name);
      return needed ? statement : "";
    });
  }
  return text.replace(FROM, (line, braces) => {
    if (line.startsWith("export")) return line;
    const rest = text.replaceAll(FROM, "");
    const used = (braces as string).split(",").filter((part) => mentions(rest, part.trim().split(" ").at(-1)!));
    return used.length === 0 ? "" : line.replace(braces, ` ${used.map((part) => part.trim()).join(", ")} `);
  });
}

/** Each statement that goes may be the last to mention others. */
let reached: Set<string>;
for (let changed = true; changed; ) {
  changed = false;
  reached = new Set();
  for (const file of roots) reach(file, reached);
  for (const file of reached) {
    const text = pruned(file, reached);
    if (text === files.get(file)) continue;
    files.set(file, text);
    changed = true;
  }
}

const dist = join(root, "dist");
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const file = join(dist, name);
  if (!name.endsWith(".d.ts")) continue;
  if (reached!.has(file)) writeFileSync(file, files.get(file)!);
  else rmSync(file);
}
