/** The demo as a stranger sees it, and its pictures one by one. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDigits, loadFlower, loadTumours } from "../examples/demo/load.ts";
import { costCurve, decisionMap, digitPicture, gallery } from "../examples/demo/pictures.ts";
import { fitWithProgress } from "../examples/demo/progress.ts";
import { rate, table, thousands, wrapped } from "../examples/demo/report.ts";
import { array, LogisticRegression, scope, sum } from "../src/index.ts";

const plain = { width: 80, color: false };

/** Lines are all that may control a file or a pipe. */
const CONTROL = /[^\P{Cc}\n]/u;

describe("npm run demo, its output in a pipe", () => {
  const main = fileURLToPath(new URL("../examples/demo/main.ts", import.meta.url));
  const run = () => promisify(execFile)(process.execPath, ["--import", "tsx", main]);
  let runs: { stdout: string; stderr: string }[];
  beforeAll(async () => {
    runs = await Promise.all([run(), run()]);
  });

  test("ends well and complains about nothing", () => {
    expect(runs.map(({ stderr }) => stderr)).toEqual(["", ""]);
  });

  test.each([
    ["tumours", 0.97, 0.97],
    ["flower", 0.88, 0.85],
    ["eights", 0.99, 0.97],
  ])("%s: right about at least %d of the training part and %d of the test part", (name, train, test) => {
    const row = new RegExp(`^  ${name} +[\\d.]+ → [\\d.]+ +([\\d.]+) % +([\\d.]+) % +[\\d,]+$`, "m");
    const [, ofTrain, ofTest] = row.exec(runs[0]!.stdout) ?? [];
    expect(Number(ofTrain) / 100).toBeGreaterThanOrEqual(train);
    expect(Number(ofTest) / 100).toBeGreaterThanOrEqual(test);
  });

  test("finds most of the eights", () => {
    const [, recall] = /of eights: precision [\d.]+ %, recall ([\d.]+) %/.exec(runs[0]!.stdout) ?? [];
    expect(Number(recall)).toBeGreaterThanOrEqual(85);
  });

  test("tells the build, a handful of lines for each training, and no array is left", () => {
    const { stdout } = runs[0]!;
    expect(stdout).toMatch(/Kernel: the (simd|relaxed) build,\sbecause/);
    expect(stdout.match(/^ {2}epoch .* it\/s$/gm)).toHaveLength(15);
    expect(stdout).toContain("Memory: 0 arrays left behind");
  });

  test("has no control characters and no line beyond 80 columns", () => {
    const { stdout } = runs[0]!;
    expect(CONTROL.test(stdout)).toBe(false);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("is the same each time but for the times", () => {
    const [first, second] = runs.map(({ stdout }) =>
      stdout
        .replaceAll(/[\d,]+ it\/s/g, "… it/s")
        .replaceAll(/[\d,]+ iterations per second \([\d.]+ s\)/g, "…")
        .replaceAll(/ % +[\d,]+$/gm, " % …")
        .replaceAll(/ +it\/s$/gm, " it/s"),
    );
    expect(second).toBe(first);
  });
});

test.each([
  ["breast-cancer.csv", loadTumours, 30, 569, 357],
  ["planar-flower.csv", loadFlower, 2, 400, 200],
  ["digits.csv", () => loadDigits(8), 64, 1797, 174],
])("%s: samples are columns, labels are 0 and 1", (_, load, features, samples, ones) => {
  scope(() => {
    const { X, Y } = load();
    X.assertShape(features, samples);
    Y.assertShape(1, samples);
    expect(sum(Y)).toBe(ones);
  });
});

describe("progress without a terminal", () => {
  test.each([
    [1, 1],
    [4, 4],
    [5, 5],
    [12, 4],
    [1000, 5],
  ])("%d epochs: %d lines, the last epoch among them", (epochs, count) => {
    const printed: string[] = [];
    const screen = { ...plain, live: false, print: (text = "") => printed.push(text) };
    scope(() => {
      using model = new LogisticRegression({ epochs });
      const X = array([[-1, 1, 2]]);
      const training = fitWithProgress(screen, model, X, array([[0, 1, 1]]), { epochs, updates: 3 });
      expect(training.speed).toBe((3 * epochs) / training.seconds);
    });
    expect(printed).toHaveLength(count);
    expect(printed.at(-1)).toContain(`epoch ${thousands(epochs)} of ${thousands(epochs)}`);
  });
});

describe("the cost curve", () => {
  test("falls from the first cost to the last on a logarithmic axis", () => {
    expect(costCurve(plain, [1, 0.1, 0.01], 2)).toBe(
      ["1.0000 ┤╮", "0.1000 ┤╰╮", "0.0100 ┤ ╰", "        0 epoch 2"].join("\n"),
    );
  });

  test.each([
    ["one that never changes", [0.5, 0.5, 0.5]],
    ["one of a single epoch", [0.7, 0.6]],
    ["one that reaches 0", [0.7, 0.1, 0]],
    ["one that rises", [0.1, 0.7]],
    ["a long one", Array.from({ length: 10_001 }, (_, i) => 1 / (1 + i))],
  ])("can draw %s", (_, cost) => {
    const lines = costCurve({ width: 60, color: false }, cost).split("\n");
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.join()).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("the decision map", () => {
  const draw = (color: boolean) =>
    scope(() => {
      using model = new LogisticRegression({ initialization: { w: [[1], [0]], b: 0 } }).initialize(2);
      const X = array([
        [-1, 1, -1, 1],
        [1, 1, -1, -1],
      ]);
      return decisionMap({ width: 12, color }, model, X, array([[0, 1, 1, 1]]));
    });

  test("is dotted where class 1 is likelier and shows each sample with its own class", () => {
    expect(draw(false)).toBe(["○    ····●", "     ·····", "     ·····", "     ·····", "●    ····●"].join("\n"));
  });

  test("is colored only on a screen with colors, and the same otherwise", () => {
    expect(CONTROL.test(draw(false))).toBe(false);
    const colored = draw(true);
    expect(colored).toContain("\x1b[34m○\x1b[0m");
    expect(stripVTControlCharacters(colored)).toBe(draw(false));
  });
});

describe("digits", () => {
  test("ink is darker where there is more of it", () => {
    expect(digitPicture([0, 0.25, 0.5, 1], 2)).toEqual(["  ░░", "▒▒██"]);
  });

  test("a gallery puts pictures side by side, captions beneath, as many as fit", () => {
    const items = ["one", "two", "three"].map((caption) => ({ picture: ["██", " ▒"], caption }));
    expect(gallery({ width: 15 }, items)).toBe(["██     ██", " ▒      ▒", "one    two"].join("\n"));
  });
});

describe("text", () => {
  test("wraps between words", () => {
    expect(wrapped({ width: 9 }, "as wide as it may be")).toBe("as wide\nas it may\nbe");
  });

  test("tables are as wide as their widest cells", () => {
    expect(
      table([
        ["", "n"],
        ["long", "1"],
        ["x", "10"],
      ]),
    ).toEqual(["        n", "long    1", "x      10"]);
  });

  test.each([
    [1347, "1,347", "1,350"],
    [12.34, "12", "12"],
    [123_456, "123,456", "123,000"],
  ])("%d is %s, as a rate %s", (value, whole, rounded) => {
    expect([thousands(value), rate(value)]).toEqual([whole, rounded]);
  });
});
