/** Whole processes: they end by themselves when their work is done, and not before. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bundle, bundled } from "../../scripts/bundle.ts";

let folder: string;

// The package as it is shipped: the files that these scripts load, side by side.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fourlane-"));
  await Promise.all(
    (["index.js", "async.js", "worker.js"] as Bundle[]).map(async (name) => {
      await writeFile(join(folder, name.replace(".js", ".mjs")), text(await bundled(name)));
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Modules in a folder without package.json. */
function text(code: string): string {
  return code.replaceAll(/(["'`])\.\/(async|worker|index)\.js\1/g, "$1./$2.mjs$1");
}

/** What every script begins with: enough work for threads. */
const HEAD = `
import { array, configure, info, LogisticRegression, matmulAsync, Random, releaseThreads } from "./index.mjs";
const X = new Random(1).uniform([5, 17001]);
const Y = array({ data: Float32Array.from({ length: 17001 }, (_, i) => i % 2), shape: [1, 17001] });
const model = (options) => new LogisticRegression({ epochs: 8000, ...options });
const late = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** Runs a script to its end; 30 s are for a process that does not end by itself. */
function run(name: string, body: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const path = join(folder, `${name.replaceAll(/\W/g, "-")}.mjs`);
    writeFile(path, HEAD + body).then(() => {
      execFile(process.execPath, [path], { timeout: 30_000 }, (error, stdout, stderr) => {
        resolve({
          code: error ? ((error.code as number | undefined) ?? null) : 0,
          output: (stdout + stderr).trim(),
        });
      });
    });
  });
}

test.concurrent.each([
  [
    "used threads and was left to itself",
    `const { execution } = await model().fitAsync(X, Y, { threads: 2 });
     console.log(execution.mode, info().threads.workers);`,
    "threads 2",
  ],
  [
    "has nothing to do but to await a fit in threads",
    `model().fitAsync(X, Y, { threads: 2 }).then(({ epochs }) => console.log(epochs));`,
    "8000",
  ],
  [
    "awaits fits that wait for each other, on teams that replace each other",
    `const fits = [2, 3, 2, 1].map((threads) => model().fitAsync(X, Y, { threads }));
     const modes = (await Promise.all(fits)).map(({ epochs }) => epochs);
     for (const threads of [3, 2]) modes.push((await model().fitAsync(X, Y, { threads })).epochs);
     console.log(modes.join());`,
    "8000,8000,8000,8000,8000,8000",
  ],
  [
    "awaits its epochs one by one",
    `let last;
     for await (const { epoch } of model({ epochs: 8000 }).epochs(X, Y, { threads: 2 })) {
       last = epoch;
       if (epoch === 5) break;
     }
     console.log(last);`,
    "5",
  ],
  [
    "awaits an answer to an epoch",
    `const options = { threads: 2, progressMs: 0, onEpoch: () => late(50).then(() => false) };
     console.log((await model().fitAsync(X, Y, options)).epochs);`,
    "1",
  ],
  [
    "aborted a fit in the middle",
    `const signal = AbortSignal.timeout(150);
     await model({ epochs: 1e9 }).fitAsync(X, Y, { threads: 2, signal }).catch(({ name }) => console.log(name));`,
    "TimeoutError",
  ],
  [
    "aborted a fit while its workers started",
    `const controller = new AbortController();
     process.once("worker", () => controller.abort("early"));
     await model().fitAsync(X, Y, { threads: 2, signal: controller.signal }).catch(console.log);`,
    "early",
  ],
  [
    "released its threads",
    `await model().fitAsync(X, Y, { threads: 2 });
     await releaseThreads();
     console.log(info().threads.workers);`,
    "0",
  ],
  [
    "multiplied",
    `const a = new Random(1).normal([1400, 300]);
     console.log((await matmulAsync(a, a.T, { threads: 2 })).shape.join());`,
    "1400,1400",
  ],
  [
    "found no worker",
    `configure({ workerUrl: import.meta.resolve("./missing.mjs") });
     console.log((await model().fitAsync(X, Y, { threads: 2 })).execution.mode);`,
    "slices",
  ],
  [
    "had an onEpoch that threw",
    `const onEpoch = () => { throw new Error("no more"); };
     await model().fitAsync(X, Y, { threads: 2, onEpoch }).catch(({ message }) => console.log(message));`,
    "no more",
  ],
])("a process that %s ends by itself, with exit code 0", async (name, body, output) => {
  expect(await run(name, body)).toEqual({ code: 0, output });
});

test("a process whose fit fails unheard ends with an error, as ever", async () => {
  const { code, output } = await run(
    "unheard",
    "await model({ learningRate: 3e38 }).fitAsync(X, Y, { threads: 2 });",
  );
  expect(code).toBe(1);
  expect(output).toContain("LogisticRegression.fitAsync: the cost is");
});
