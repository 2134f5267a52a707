/** Every chapter of the course runs, and prints what stands under its code. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { agrees, blocksOf, chapterPath, readChapter, runBlocks } from "../../scripts/course/chapters.ts";
import { navigation, SECTIONS } from "../../scripts/course/sections.ts";

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

test("there are no other chapters", () => {
  const found = readdirSync(FOLDER).filter((name) => /^\d.*\.md$/.test(name));
  expect(found.sort()).toEqual(SECTIONS.map(([number]) => `${number}.md`).sort());
});
