/** The chapters of `docs/course` as programs: their code, what they are said to print, and what they print. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { marked } from "marked";
import { configure } from "../../src/index.ts";

const root = new URL("../../", import.meta.url);

/** Where the chapters' modules are written. */
export const MODULES = new URL("build/course/", root);

/** Languages of a fence with what is printed: as it is, as times, or as a graph that Mermaid draws. */
const PRINTED = /^(text|text timing|mermaid)$/;

/** Printed between the blocks of a chapter. */
const BOUNDARY = "\u001e";

/** A block of code, and the fenced text that stands after it. */
export interface Block {
  code: string;
  /** What the chapter says that it prints; "" where no text follows. */
  recorded: string;
  /** Whether its figures are times or ratios of times: another run prints others. */
  timing: boolean;
}

/** The numbers of the chapters that exist, in the course's order. */
export function chapters(): string[] {
  const found = readdirSync(new URL("docs/course/", root)).flatMap(
    (name) => /^(\d+\.\d+)\.md$/.exec(name)?.[1] ?? [],
  );
  return found.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The path of a chapter. */
export function chapterPath(number: string): string {
  return fileURLToPath(new URL(`docs/course/${number}.md`, root));
}

/** A chapter's Markdown. */
export function readChapter(number: string): string {
  return readFileSync(chapterPath(number), "utf8");
}

/** The blocks in a chapter's Markdown, in one of these languages. */
export function blocksOf(markdown: string, languages: readonly string[] = ["ts"]): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const token of marked.lexer(markdown)) {
    if (token.type === "space") continue;
    if (token.type === "code" && languages.includes(token.lang ?? "")) {
      blocks.push({ code: token.text, recorded: "", timing: false });
      open = true;
    } else if (open && token.type === "code" && PRINTED.test(token.lang ?? "")) {
      Object.assign(blocks.at(-1)!, { recorded: token.text, timing: token.lang === "text timing" });
      open = false;
    } else open = false;
  }
  return blocks;
}

/** Writes the module that a chapter's blocks form. @returns its URL. */
export function writeModule(number: string, blocks: readonly Block[]): string {
  mkdirSync(MODULES, { recursive: true });
  const code = blocks.map((block) => block.code).join(`\nconsole.log("\\u001e");\n`);
  const module = new URL(`${number}.ts`, MODULES);
  const source = code
    .replaceAll('from "fourlane"', 'from "../../src/index.ts"')
    .replaceAll(/from "fourlane\/(\w+)"/g, 'from "../../src/$1.ts"');
  writeFileSync(module, `${source}\n`);
  return module.href;
}

/** Runs a chapter's blocks in order, as one module on the reproducible build. @returns what each prints. */
export async function runBlocks(number: string, blocks: readonly Block[]): Promise<string[]> {
  const module = writeModule(number, blocks);
  configure({ reproducible: true });
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    await import(module);
  } finally {
    console.log = log;
  }
  const printed = lines.join("\n").split(BOUNDARY);
  return printed.map((text) => text.replace(/^\n+|\n+$/g, ""));
}

/** What is left of a text with times when its figures are left out. */
export function form(text: string): string {
  return text.replace(/\d+(\.\d+)?/g, "#");
}

/** Whether a block prints what its chapter says: to the character, or but for the figures of times. */
export function agrees(block: Block, printed: string): boolean {
  return block.timing ? form(printed) === form(block.recorded) : printed === block.recorded;
}

/** The chapter's Markdown with what its blocks print; recorded times stay unless `times` is true. */
export function withPrinted(
  markdown: string,
  printed: readonly string[],
  times: boolean,
  languages: readonly string[] = ["ts"],
): string {
  const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
  const blocks = blocksOf(markdown, languages);
  let next = -1;
  let open = false;
  let result = "";
  for (const token of marked.lexer(markdown)) {
    const wasOpen = open;
    if (token.type !== "space") open = false;
    if (token.type === "code" && languages.includes(token.lang ?? "")) {
      next++;
      open = true;
      // A block that prints gets a place for it.
      const missing = blocks[next]!.recorded === "" && printed[next] !== "";
      result += token.raw + (missing ? `\n\n${fence("text", printed[next]!)}` : "");
    } else if (wasOpen && token.type === "code" && PRINTED.test(token.lang ?? "")) {
      const { recorded, timing } = blocks[next]!;
      const keep = timing && !times && agrees(blocks[next]!, printed[next]!);
      result += fence(token.lang, keep ? recorded : printed[next]!) + token.raw.slice(token.raw.trimEnd().length);
    } else result += token.raw;
  }
  return result;
}
