/** The pages of `docs/migration`: code before, which other libraries run, and after, which fourlane runs. */
import { readdirSync, readFileSync } from "node:fs";
import { marked } from "marked";
import { blocksOf } from "../course/chapters.ts";

const folder = new URL("../../docs/migration/", import.meta.url);

/** Languages of code before. */
export const BEFORE = ["js", "python"] as const;

/** Names of the pages, without `.md`. */
export function pages(): string[] {
  return readdirSync(folder)
    .flatMap((file) => /^(.*)\.md$/.exec(file)?.[1] ?? [])
    .filter((name) => name !== "README")
    .sort();
}

/** Where a page is. */
export function pageUrl(name: string): URL {
  return new URL(`${name}.md`, folder);
}

/** A page's Markdown. */
export function readPage(name: string): string {
  return readFileSync(pageUrl(name), "utf8");
}

/** What the last blocks of a section print, before and after. */
export interface Pair {
  section: string;
  before: string;
  after: string;
}

/** The sections of a page that show code before and after. */
export function pairsOf(markdown: string): Pair[] {
  const sections = marked.lexer(markdown).reduce<string[]>((found, token) => {
    if (token.type === "heading" && token.depth === 2) found.push("");
    if (found.length > 0) found[found.length - 1] += token.raw;
    return found;
  }, []);
  return sections.flatMap((text) => {
    const [before, after] = [blocksOf(text, BEFORE).at(-1), blocksOf(text).at(-1)];
    if (!before || !after) return [];
    return [{ section: text.split("\n")[0]!, before: before.recorded, after: after.recorded }];
  });
}
