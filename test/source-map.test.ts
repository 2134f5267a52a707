/** The package's source maps: small, and still right about every line. */
import { readFileSync } from "node:fs";
import { SourceMap as Reader } from "node:module";
import { expect, test } from "vitest";
import { BUNDLES, bundle } from "../scripts/bundle.ts";
import type { SourceMap } from "../scripts/source-map.ts";

/** A text of a program that esbuild leaves as it is, with the kernel's left out. */
const TEXT = /"([A-Za-z][\w .,;=-]{11,200})"/g;

test.each(BUNDLES)("in %s each text is mapped to the line of the source where it begins", async (name) => {
  const texts = await bundle(name);
  const payload = JSON.parse(texts[`dist/${name}.map`]!) as SourceMap;
  const reader = new Reader({ ...payload, file: name, sourceRoot: "", sourcesContent: [] });
  const lineOf = (source: string, line: number): string => {
    const content = payload.sourcesContent?.[payload.sources.indexOf(source)];
    return (content ?? readFileSync(new URL(source, new URL("../dist/", import.meta.url)), "utf8")).split("\n")[
      line
    ]!;
  };
  let checked = 0;
  const wrong = texts[`dist/${name}`]!.split("\n").flatMap((row, i) =>
    Array.from(row.matchAll(TEXT)).flatMap(({ 1: text, index }) => {
      const entry = reader.findEntry(i, index) as { originalSource: string; originalLine: number };
      if (entry.originalSource === "../src/kernel-bytes.ts") return [];
      checked++;
      return lineOf(entry.originalSource, entry.originalLine).includes(text!.slice(0, 12))
        ? []
        : [{ text, ...entry }];
    }),
  );
  expect(wrong).toEqual([]);
  expect(checked).toBeGreaterThan(10);
});

test("a source is in the map or in the package, and in one of them only", async () => {
  const { "dist/npy.js.map": text } = await bundle("npy.js");
  const { sources, sourcesContent, names } = JSON.parse(text!) as SourceMap;
  const contained = sources.filter((_, i) => sourcesContent?.[i]);
  expect(contained).toEqual(["../node_modules/fflate/esm/browser.js"]);
  expect(names).toEqual([]);
});

test("the kernel's text is not in the map a second time", async () => {
  const texts = await bundle("index.js");
  const { sources, sourcesContent } = JSON.parse(texts["dist/index.js.map"]!) as SourceMap;
  const kernel = sourcesContent![sources.indexOf("../src/kernel-bytes.ts")]!;
  expect(kernel).toContain('"…"');
  expect(kernel.length).toBeLessThan(1000);
});
