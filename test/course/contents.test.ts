/** The table of the course: a row for each section, and in each row things that exist. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { marked, type Tokens } from "marked";
import { describe, expect, test } from "vitest";
import * as graph from "../../src/graph.ts";
import * as fourlane from "../../src/index.ts";
import { SECTIONS } from "./sections.ts";

const page = new URL("../../docs/course/README.md", import.meta.url);
const text = readFileSync(page, "utf8");
const tokens = marked.lexer(text);
const tables = tokens.filter((token): token is Tokens.Table => token.type === "table");
const [contents, equations] = tables as [Tokens.Table, Tokens.Table];
const rowOf = (number: string) => contents.rows.filter(([section]) => section!.text.startsWith(`${number} `));

test("its columns are section, claim, function, chapter and test", () => {
  expect(contents.header.map(({ text }) => text)).toEqual([
    "section",
    "what it claims",
    "function",
    "chapter",
    "test",
  ]);
  expect(contents.rows).toHaveLength(SECTIONS.length);
});

describe.each(SECTIONS)("section %s, %s,", (number, title) => {
  test("has one row, with a claim, its chapter and a test that exists and names it", () => {
    const rows = rowOf(number);
    expect(rows).toHaveLength(1);
    const [section, claim, , chapter, checked] = rows[0]!.map((cell) => cell.text);
    expect(section).toBe(`${number} ${title}`);
    expect(claim!.length).toBeGreaterThan(20);
    expect(chapter).toBe(`[${number}](${number}.md)`);
    const path = /^\[\w+\]\((\.\.\/\.\.\/test\/course\/\w+\.test\.ts)\)$/.exec(checked!)![1]!;
    expect(sectionsOf(readFileSync(new URL(path, page), "utf8"))).toContain(number);
  });

  test("is implemented by functions that fourlane exports", () => {
    const named = [...rowOf(number)[0]![2]!.text.matchAll(/`([\w.]+)`/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !exported(name))).toEqual([]);
  });
});

/** The sections that a test's first comment names: single ones, and "2.10 to 2.14". */
function sectionsOf(source: string): string[] {
  const comment = source.slice(0, source.indexOf(":"));
  const numbers = SECTIONS.map(([number]) => number);
  return [...comment.matchAll(/(\d\.\d+)(?: to (\d\.\d+))?/g)].flatMap(([, first, last = first]) =>
    numbers.slice(numbers.indexOf(first!), numbers.indexOf(last!) + 1),
  );
}

/** Whether a function, or a method or getter of a class, is exported by fourlane or its graph. */
function exported(name: string): boolean {
  const [owner, member] = name.split(".") as [string, string?];
  const names: Record<string, unknown> = { ...graph, ...fourlane };
  const found = names[owner];
  return typeof found === "function" && (member === undefined || member in (found.prototype as object));
}

test("the lines beside the six equations are lines of chapter 3.9", () => {
  const chapter = readFileSync(new URL("3.9.md", page), "utf8");
  const lines = equations.rows.map(([, line]) => line!.text.replaceAll("`", ""));
  expect(lines).toHaveLength(6);
  expect(lines.filter((line) => !chapter.includes(`\nconst ${line};\n`))).toEqual([]);
});

test("its links lead to files and headings that exist", () => {
  const links: string[] = [];
  marked.walkTokens(tokens, (token) => {
    if (token.type === "link") links.push(token.href);
  });
  const broken = links.filter((link) => {
    const [path, heading] = link.split("#") as [string, string?];
    const file = fileURLToPath(new URL(path, page));
    if (!existsSync(file)) return true;
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, words]) =>
      words!
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    return heading !== undefined && !headings.includes(heading);
  });
  expect(links.length).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});
