/** The figures of the course are what the script draws. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chapters, readChapter } from "../../scripts/course/chapters.ts";
import { FIGURES, FOLDER, figure } from "../../scripts/course/figures/index.ts";

const names = Object.keys(FIGURES);

test.each(names)("%s has the bytes that are drawn anew, wherever it stands in the order", (name) => {
  expect(figure(name)).toBe(readFileSync(new URL(name, FOLDER), "utf8"));
});

test.each(names)(
  "%s has a ground of its own, a label for readers who do not see it, and needs nothing else",
  (name) => {
    const svg = readFileSync(new URL(name, FOLDER), "utf8");
    expect(svg).toMatch(/^<svg [^>]*viewBox="[^"]+"[^>]*role="img" aria-label="[^"]{6,}"/);
    expect(svg).toMatch(/<rect [^>]*fill="#fff(fff)?"/);
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href=|url\(|NaN|undefined|Infinity/);
  },
);

test("there are no other figures, and a chapter shows each", () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...names].sort());
  const shown = chapters().flatMap((number) =>
    [...readChapter(number).matchAll(/!\[[^\]]+\]\(figures\/([^)]+)\)/g)].map((match) => match[1]!),
  );
  expect(shown.sort()).toEqual([...names].sort());
});
