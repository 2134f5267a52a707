/** The migration pages: code after runs, and prints what the libraries printed before. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { blocksOf, MODULES, runBlocks, writeModule } from "../../scripts/course/chapters.ts";
import { BEFORE, pages, pageUrl, pairsOf, readPage } from "../../scripts/migration/pages.ts";

const peers = new URL("../../bench/peers/", import.meta.url);
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", peers), "utf8")) as {
  dependencies: Record<string, string>;
};
const requirements = readFileSync(new URL("requirements.txt", peers), "utf8");

/** Pages, the version that each names, and the one that `npm run migration:peers` installs. */
const versions: [string, string, string | undefined][] = [
  ["brain-js", "brain.js", dependencies["brain.js"]],
  ["ml-logistic-regression", "ml-logistic-regression", dependencies["ml-logistic-regression"]],
  ["scikit-learn", "scikit-learn", /^scikit-learn==(.*)$/m.exec(requirements)?.[1]],
  ["tensorflow-js", "TensorFlow.js", dependencies["@tensorflow/tfjs"]],
];

test("there is a page for each library that people come from", () => {
  expect(pages()).toEqual(versions.map(([name]) => name));
});

describe.each(versions)("from %s", (name, library, version) => {
  const markdown = readPage(name);
  const blocks = blocksOf(markdown);

  test("the code after prints what stands under it", async () => {
    expect(await runBlocks(name, blocks)).toEqual(blocks.map(({ recorded }) => recorded));
  });

  test("the code before and the code after print the same", () => {
    const pairs = pairsOf(markdown);
    expect(pairs).toHaveLength(blocks.length);
    expect(pairs.filter(({ before }) => before === "")).toEqual([]);
    expect(pairs.map(({ section, after }) => [section, after])).toEqual(
      pairs.map(({ section, before }) => [section, before]),
    );
  });

  test("all code before is in the language that runs it", () => {
    const languages = BEFORE.filter((language) => blocksOf(markdown, [language]).length > 0);
    expect(languages).toHaveLength(1);
  });

  test("it names the version that ran", () => {
    expect(markdown.replace(/\s+/g, " ")).toContain(`before with ${library} ${version}.`);
  });

  test("its links lead to files that exist", () => {
    const links: string[] = [];
    marked.walkTokens(marked.lexer(markdown), (token) => {
      if (token.type === "link" || token.type === "image") links.push(token.href);
    });
    const local = links.filter((link) => !/^https?:/.test(link));
    expect(local.filter((link) => !existsSync(new URL(link, pageUrl(name))))).toEqual([]);
  });
});

test("the code after is strict TypeScript without errors", () => {
  for (const name of pages()) writeModule(name, blocksOf(readPage(name)));
  const project = new URL("tsconfig.migration.json", MODULES);
  writeFileSync(
    project,
    JSON.stringify({ extends: "../../tsconfig.json", include: [], files: pages().map((name) => `${name}.ts`) }),
  );
  const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", fileURLToPath(project)], { encoding: "utf8" });
  expect(stdout).toBe("");
});
