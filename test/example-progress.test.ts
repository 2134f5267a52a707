/** examples/progress as a stranger meets it, and its parts one by one. */
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { moved } from "../examples/progress/digits.ts";
import { readOptions } from "../examples/progress/options.ts";
import { showOn } from "../examples/progress/show.ts";
import { duration, place } from "../examples/words.ts";
import { array, scope, sum } from "../src/index.ts";

const PROGRESS = ["--import", "tsx", fileURLToPath(new URL("../examples/progress/main.ts", import.meta.url))];

interface Ended {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

/** Runs the terminal example, its output in a pipe. */
function progress(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...PROGRESS, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Runs it and interrupts it when it has printed its first epoch. */
function interrupted(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...PROGRESS, ...args]);
    const ended: Ended = { code: undefined, stdout: "", stderr: "" };
    child.stderr.on("data", (text) => {
      ended.stderr += text;
    });
    child.stdout.on("data", (text) => {
      const before = ended.stdout.includes("  epoch");
      ended.stdout += text;
      if (!before && ended.stdout.includes("  epoch")) child.kill("SIGINT");
    });
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

describe("npm run example:progress, its output in a pipe", () => {
  const PLACES = [
    ["in threads", [], /ran +in /],
    ["in slices", ["--slices"], /ran +in slices on the calling thread/],
  ] as const;

  test.each(PLACES)("%s: trains, tells the accuracy and where it ran, and ends well", async (_, args, ran) => {
    const { code, stdout, stderr } = await progress("--epochs", "30", ...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/accuracy +[\d.]+ % train, [\d.]+ % test/);
    expect(stdout).toMatch(ran);
    expect(stdout).toMatch(/epoch 30 of 30 /);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each(PLACES)("%s: SIGINT keeps what was learned, judges it, and ends with 130", async (_, args, ran) => {
    const { code, stdout, stderr } = await interrupted("--epochs", "1000000", ...args);
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toMatch(/Interrupted after epoch [\d,]+\. What was learned is\s+kept\./);
    expect(stdout).toMatch(/accuracy +[\d.]+ % train, [\d.]+ % test/);
    expect(stdout).toMatch(ran);
  });

  test("a wrong option is answered in a line, with exit code 2", async () => {
    const { code, stdout, stderr } = await progress("--threads", "many");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      'example:progress: --threads is "many"; expected "auto" or a whole number from 1 to 256.\n',
    );
  });
});

describe("the options of example:progress", () => {
  test.each([
    [[], { threads: "auto", epochs: 2000, help: false }],
    [["--threads", "3", "--epochs=7"], { threads: 3, epochs: 7, help: false }],
    [["--threads=auto"], { threads: "auto", epochs: 2000, help: false }],
    [["--slices"], { threads: undefined, epochs: 2000, help: false }],
    [["--help"], { threads: "auto", epochs: 2000, help: true }],
  ] as const)("%j", (args, options) => {
    expect(readOptions([...args])).toEqual(options);
  });

  test.each([
    [
      ["--thread", "2"],
      'option "--thread" does not exist; expected "--threads", "--slices", "--epochs" or "--help".',
    ],
    [["--threads"], "--threads has no value; expected one."],
    [["--threads=0"], '--threads is "0"; expected "auto" or a whole number from 1 to 256.'],
    [["--threads="], '--threads is ""; expected "auto" or a whole number from 1 to 256.'],
    [["--epochs", "1e3"], '--epochs is "1e3"; expected a whole number from 1 to 1,000,000.'],
    [["--slices=2"], '--slices is "2"; expected no value.'],
    [["--slices", "--threads", "2"], "found --slices and --threads; expected one of them. Slices take no workers."],
    [["7"], 'found "7"; expected options only.'],
  ])("%j is refused", (args, message) => {
    expect(() => readOptions(args)).toThrow(`example:progress: ${message}`);
  });
});

test.each([
  [
    [1, 400, 800, 1000],
    [1, 400, 800, 1000],
  ],
  [
    [3, 4, 199, 250, 390, 700, 1000],
    [3, 250, 700, 1000],
  ],
])("without a terminal, of the epochs %j these get a line: %j", (told, shown) => {
  const printed: string[] = [];
  const screen = { width: 80, color: false, live: false, print: (text = "") => printed.push(text) };
  const show = showOn(screen, 1000);
  for (const epoch of told) show.onEpoch({ epoch, cost: 1 / epoch, elapsed: epoch, remaining: 1000 - epoch });
  show.end();
  expect(printed.map((line) => Number(/epoch +([\d,]+)/.exec(line)![1]!.replace(",", "")))).toEqual(shown);
});

test("a digit is moved by half a pixel to each side, its label stays", () => {
  scope(() => {
    const image = new Float32Array(64);
    image[0] = 1; // the corner: two of its neighbours are beyond the edge
    const { X, Y } = moved({ X: array(image, { shape: [64, 1] }), Y: array([[1]]) });
    X.assertShape(64, 5);
    expect(Y.toArray()).toEqual([[1, 1, 1, 1, 1]]);
    expect([0, 1, 8].map((pixel) => [...X.rows(pixel, pixel + 1).copy().data])).toEqual([
      [1, 0.5, 0.5, 0.5, 0.5],
      [0, 0.5, 0, 0, 0],
      [0, 0, 0, 0.5, 0],
    ]);
    expect(sum(X)).toBe(4);
  });
});

describe("words", () => {
  test.each([
    [0, "0 s"],
    [1, "1 s"],
    [59_000, "59 s"],
    [59_001, "1 min 00 s"],
    [125_000, "2 min 05 s"],
  ])("%d ms are %s", (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });

  test.each([
    ["call", 1, "on the calling thread, in one go"],
    ["slices", 1, "in slices on the calling thread"],
    ["worker", 1, "in a worker with its own copy of the samples"],
    ["threads", 4, "in 4 threads over one shared memory"],
  ] as const)("%s", (mode, threads, words) => {
    expect(place({ mode, threads })).toBe(words);
  });
});
