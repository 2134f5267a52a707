/** Every chapter of the course runs, and prints what stands under its code. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import {
  agrees,
  blocksOf,
  chapterPath,
  chapters,
  MODULES,
  readChapter,
  runBlocks,
  writeModule,
} from "../../scripts/course/chapters.ts";
import { navigation, SECTIONS } from "./sections.ts";

const FOLDER = dirname(chapterPath("2.1"));

describe.each(SECTIONS)("%s %s", (number, title) => {
  const markdown = readChapter(number);

  test("prints what stands under its code", async () => {
    const blocks = blocksOf(markdown);
    expect(blocks.length).toBeGreaterThan(0);
    const printed = await runBlocks(number, blocks);
    // Where times differ only in their figures, the recorded ones stand for them.
    const found = printed.map((text, i) => (agrees(blocks[i]!, text) ? blocks[i]!.recorded : text));
    expect(found).toEqual(blocks.map((block) => block.recorded));
  });

  test("starts with its title and the way to its neighbours", () => {
    expect(markdown.split("\n").slice(0, 3)).toEqual([`# ${number} ${title}`, "", navigation(number)]);
  });

  test("links and shows only files that exist, code among them", () => {
    const links: string[] = [];
    marked.walkTokens(marked.lexer(markdown), (token) => {
      if (token.type === "link" || token.type === "image") links.push(token.href);
    });
    const local = links.filter((link) => !/^https?:/.test(link));
    expect(local.filter((link) => !existsSync(resolve(FOLDER, link)))).toEqual([]);
    expect(local.filter((link) => link.startsWith("../../src/")).length).toBeGreaterThan(0);
  });
});

test("every section of the course has its chapter, and there are no others", () => {
  expect(chapters()).toEqual(SECTIONS.map(([number]) => number));
});

test("the chapters' code is strict TypeScript without errors", () => {
  for (const [number] of SECTIONS) writeModule(number, blocksOf(readChapter(number)));
  const files = SECTIONS.map(([number]) => `${number}.ts`);
  writeFileSync(
    new URL("tsconfig.json", MODULES),
    JSON.stringify({ extends: "../../tsconfig.json", include: [], files }),
  );
  const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", fileURLToPath(MODULES)], { encoding: "utf8" });
  expect(stdout).toBe("");
});
