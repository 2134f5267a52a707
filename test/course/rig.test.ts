/** What `npm run course` does to a chapter's text. */
import { describe, expect, test } from "vitest";
import { agrees, blocksOf, chapters, readChapter, withPrinted } from "../../scripts/course/chapters.ts";

const block = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
const page = (...blocks: string[]) => `# A page\n\n${blocks.join("\n\n")}\n\nIts end, with $a_1 * b_1$.\n`;

test.each([
  ["writes what is printed where nothing stands", [block("ts", "f()")], [block("ts", "f()"), block("text", "1")]],
  [
    "replaces what is printed no more",
    [block("ts", "f()"), block("text", "0")],
    [block("ts", "f()"), block("text", "1")],
  ],
  [
    "keeps the language of a drawing",
    [block("ts", "f()"), block("mermaid", "0")],
    [block("ts", "f()"), block("mermaid", "1")],
  ],
  [
    "leaves texts that follow no code alone",
    [block("ts", "f()"), block("text", "1"), block("text", "0")],
    [block("ts", "f()"), block("text", "1"), block("text", "0")],
  ],
])("it %s", (_, before, after) => {
  expect(withPrinted(page(...before), ["1"], false)).toBe(page(...after));
});

describe("times", () => {
  const before = page(block("ts", "f()"), block("text timing", "5.5 times"));

  test.each([
    ["stay, if only the figures differ", "7 times", false, "5.5 times"],
    ["are written anew if asked for", "7 times", true, "7 times"],
    ["are written anew if the words differ", "7 times as fast", false, "7 times as fast"],
  ])("%s", (_, printed, times, after) => {
    expect(withPrinted(before, [printed], times)).toBe(page(block("ts", "f()"), block("text timing", after)));
  });

  test("agree but for their figures; everything else agrees to the character", () => {
    const [timing] = blocksOf(before) as [ReturnType<typeof blocksOf>[number]];
    expect([agrees(timing, "31 times"), agrees(timing, "31 items")]).toEqual([true, false]);
    const exact = { ...timing, timing: false };
    expect([agrees(exact, "5.5 times"), agrees(exact, "5.6 times")]).toEqual([true, false]);
  });
});

test.each(chapters())("it leaves chapter %s as it is if the code prints what stands there", (number) => {
  const markdown = readChapter(number);
  const recorded = blocksOf(markdown).map((found) => found.recorded);
  expect(withPrinted(markdown, recorded, false)).toBe(markdown);
});
