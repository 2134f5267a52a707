/** The package's source maps: small, and still right about every line. */
import { readFileSync } from "node:fs";
import { SourceMap as Reader } from "node:module";
import { expect, test } from "vitest";
import { BUNDLES, bundle } from "../scripts/bundle.ts";
import type { SourceMap } from "../scripts/source-map.ts";

/** A text of a program that bundlers leave as it is, with the kernel's left out. */
const TEXT = /["`]([A-Za-z][\w .,;=-]{11,200})["`]/g;

/** Bundles with a map of their own. */
const mapped = BUNDLES.filter((name) => !name.startsWith("load/"));

test.each(BUNDLES.filter((name) => !mapped.includes(name)))(
  "%s has the map of its twin, letter by letter",
  async (name) => {
    const twin = name.replace("load/", "");
    const [own, other] = [(await bundle(name))[`dist/${name}`]!, (await bundle(twin))[`dist/${twin}`]!];
    const [url, otherUrl] = [`//# sourceMappingURL=../${twin}.map`, `//# sourceMappingURL=${twin}.map`];
    expect(own).toContain(url);
    expect(own.replace(url, otherUrl).replaceAll("../load.js", "./index.js")).toBe(other);
    expect(Object.keys(await bundle(name))).toEqual([`dist/${name}`]);
  },
);

test.each(mapped)("in %s each text is mapped to the line of the source where it begins", async (name) => {
  const texts = await bundle(name);
  const payload = JSON.parse(texts[`dist/${name}.map`]!) as SourceMap;
  const reader = new Reader({ ...payload, file: name, sourceRoot: "", sourcesContent: [] });
  const sourceOf = (source: string): string => {
    const content = payload.sourcesContent?.[payload.sources.indexOf(source)];
    return content ?? readFileSync(new URL(source, new URL(`../dist/${name}`, import.meta.url)), "utf8");
  };
  const lineOf = (source: string, line: number): string => sourceOf(source).split("\n")[line]!;
  let checked = 0;
  const wrong = texts[`dist/${name}`]!.split("\n").flatMap((row, i) =>
    Array.from(row.matchAll(TEXT)).flatMap(({ 1: text, index }) => {
      const entry = reader.findEntry(i, index) as { originalSource: string; originalLine: number };
      // fflate is not mapped.
      if (entry.originalSource === "../src/kernel-bytes.ts" || entry.originalSource === undefined) return [];
      checked++;
      const line = lineOf(entry.originalSource, entry.originalLine);
      // A constant's text stands where it is used.
      const named = Array.from(line.matchAll(/\b[A-Za-z_]\w*\b/g), ([name]) => `const ${name} = "${text}`);
      const source = sourceOf(entry.originalSource);
      return line.includes(text!.slice(0, 12)) || named.some((constant) => source.includes(constant))
        ? []
        : [{ text, ...entry }];
    }),
  );
  expect(wrong).toEqual([]);
  // Files that are small, or all numbers, have few texts.
  const few = ["workerd.js", "edge-light.js", "js.js", "optimizers.js", "softmax-regression.js"];
  expect(checked).toBeGreaterThan(few.includes(name) ? -1 : 10);
});

test("what others have written is not mapped, and everything else is in the package", async () => {
  const { "dist/npy.js.map": text } = await bundle("npy.js");
  const { sources, sourcesContent, names } = JSON.parse(text!) as SourceMap;
  expect(sources.filter((source) => !source.startsWith("../src/"))).toEqual([]);
  expect(sourcesContent!.filter((content) => content !== null)).toEqual([]);
  expect(names).toEqual([]);
});

test("the kernel's text is not in the map a second time", async () => {
  const texts = await bundle("index.js");
  const { sources, sourcesContent } = JSON.parse(texts["dist/index.js.map"]!) as SourceMap;
  const kernel = sourcesContent![sources.indexOf("../src/kernel-bytes.ts")]!;
  expect(kernel).toContain('"…"');
  expect(kernel.length).toBeLessThan(1000);
});
