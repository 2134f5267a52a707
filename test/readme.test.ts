import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LogisticRegression, matmul, TwoLayerNetwork, zeros } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The first fenced block of a language after a heading. */
function block(heading: string, language: string): string {
  const section = readme.slice(readme.indexOf(`## ${heading}`));
  return section.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))![1]!;
}

test("the example prints what its comments say", () => {
  const code = block("Ten lines", "ts");
  const promised = code.split("\n").flatMap((line) => line.match(/^console\.log\(.*\);\s*\/\/ (.*)$/)?.[1] ?? []);
  expect(promised).toHaveLength(3);
  const folder = mkdtempSync(fileURLToPath(new URL("../build/readme-", import.meta.url)));
  try {
    writeFileSync(`${folder}/example.ts`, code.replace('"fourlane"', '"../../src/index.ts"'));
    const printed = execFileSync(process.execPath, ["--import", "tsx", `${folder}/example.ts`], {
      encoding: "utf8",
    });
    expect(printed.trim().split("\n")).toEqual(promised);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the error messages are the ones that are thrown", () => {
  const thrown = [
    () => matmul(zeros([64, 3]), zeros([10, 3])),
    () => new LogisticRegression().fit(zeros([569, 30]), zeros([1, 569])),
    // @ts-expect-error The misspelling is the point.
    () => new TwoLayerNetwork({ learningrate: 1 }),
  ].map((action) => {
    try {
      action();
    } catch (error) {
      return (error as Error).message;
    }
    return "nothing thrown";
  });
  expect(block("When something is wrong", "text").trim().split("\n")).toEqual(thrown);
});

test("every name that the README's tables mention is exported", async () => {
  const names = Object.keys(await import("../src/index.ts"));
  const table = readme.slice(readme.indexOf("## What there is"), readme.indexOf("All models:"));
  const mentioned = [...table.matchAll(/`([a-zA-Z0-9]+)`/g)].map((match) => match[1]!);
  expect(mentioned.length).toBeGreaterThan(30);
  expect(mentioned.filter((name) => !names.includes(name) && name !== "using")).toEqual([]);
});

test("the accuracies are those of the recorded run, rounded up", () => {
  const recorded = readFileSync(new URL("../docs/accuracy.md", import.meta.url), "utf8");
  const worst = (name: string, dtype: string): string => {
    const rows = [...recorded.matchAll(new RegExp(`^\\| \`${name}\` \\| ${dtype} \\| \\w+ \\| ([\\d.]+) `, "gm"))];
    return (Math.ceil(Math.max(...rows.map((row) => Number(row[1]))) * 100 - 1e-9) / 100).toFixed(2);
  };
  const names = ["exp", "log", "sigmoid", "sigmoid_derivative", "tanh", "tanh_derivative", "loss", "power"];
  const table = [...readme.matchAll(/^\| [^|]+ \| (\d\.\d\d) +\| (\d\.\d\d) +\|$/gm)].map((row) => [
    row[1],
    row[2],
  ]);
  expect(table).toEqual(names.map((name) => [worst(name, "f32"), worst(name, "f64")]));
});
