/** What npm publishes: its weight, its entries, and what a debugger finds in it. */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import type { SourceMap } from "../../scripts/source-map.ts";
import { pack } from "./tarball.ts";

const tarball = pack();
afterAll(() => tarball.remove());

const manifest = JSON.parse(tarball.read("package.json")) as { exports: Record<string, Conditions> };

/** What an entry leads to, condition by condition. */
type Conditions = string | { [condition: string]: Conditions };

const files = (entry: Conditions): string[] =>
  typeof entry === "string" ? [entry] : Object.values(entry).flatMap(files);

test("takes at most 400 KB", () => {
  expect(statSync(tarball.file).size).toBeLessThanOrEqual(400_000);
});

describe.each(Object.entries(manifest.exports))("entry %s", (_, entry) => {
  test("leads to files that are in it", () => {
    const missing = files(entry).filter((path) => !tarball.paths.includes(path.replace("./", "")));
    expect(missing).toEqual([]);
  });

  test("names its types before anything else", () => {
    if (typeof entry !== "string") expect(Object.keys(entry)[0]).toBe("types");
  });
});

test("holds nothing but the build, the sources that maps name, and what npm adds", () => {
  const expected =
    /^(dist\/(load\/)?[\w.-]+\.(js|js\.map|wasm)|dist\/([\w-]+\/)*[\w.-]+\.d\.ts|src\/([\w-]+\/)*[\w-]+(\.d)?\.ts|LICENSE|README\.md|package\.json)$/;
  expect(tarball.paths.filter((path) => !expected.test(path))).toEqual([]);
});

test("publint finds nothing, not even a suggestion", async () => {
  const bytes = readFileSync(tarball.file);
  const packed = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball: packed }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("attw finds the types of every entry right", () => {
  const attw = fileURLToPath(new URL("../../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
  const { stdout, status } = spawnSync(
    process.execPath,
    [attw, tarball.file, "--profile", "esm-only", "-f", "ascii"],
    {
      encoding: "utf8",
    },
  );
  expect(status, stdout).toBe(0);
});

const maps = tarball.paths.filter((path) => path.endsWith(".map"));

test("every script has a map", () => {
  const scripts = tarball.paths.filter((path) => path.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(3);
  const own = scripts.map((path) => `${path.replace("dist/load/", "dist/")}.map`);
  expect(maps.sort()).toEqual([...new Set(own)].sort());
  for (const path of scripts) {
    const [, url] = tarball.read(path).match(/\n\/\/# sourceMappingURL=(.*)\n?$/)!;
    expect(own).toContain(posix.join(posix.dirname(path), url!));
  }
});

test.each(maps)("%s finds each of its sources in the package or in itself", (path) => {
  const { sources, sourcesContent } = JSON.parse(tarball.read(path)) as SourceMap;
  expect(sources.length).toBeGreaterThan(2);
  const missing = sources.filter(
    (source, i) => !sourcesContent?.[i] && !tarball.paths.includes(posix.join(posix.dirname(path), source)),
  );
  expect(missing).toEqual([]);
});

/** What a program prints that imports the installed package, with positions in the sources. */
function run(program: string): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--input-type=module", "--eval", program],
    { cwd: tarball.project, encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return stdout;
}

/** Programs that throw, and what the line of a source says at which the stack begins. */
const throwing: [string, RegExp][] = [
  [
    'import { matmul, zeros } from "fourlane"; const f = () => matmul(zeros([2, 3]), zeros([2, 3]));',
    /throw new RangeError/,
  ],
  ['import { readNpy } from "fourlane/npy"; const f = () => readNpy(new Uint8Array(3));', /throw new RangeError/],
  ['import { variable } from "fourlane/graph"; const f = () => variable([[1, 2]]).backward();', /throw new /],
];

test.each(throwing)("the stack of %s leads to the line that throws", (program, line) => {
  const stack = run(`${program} try { f(); } catch (error) { console.log(error.stack); }`);
  const [, file, row] = /^\s+at .*?fourlane\/(src\/[\w/-]+\.ts):(\d+)/m.exec(stack) ?? [];
  expect(file, stack).toBeDefined();
  expect(tarball.read(file!).split("\n")[Number(row) - 1]).toMatch(line);
});

test("computes where it is installed", () => {
  const program =
    'import { array, matmul } from "fourlane"; console.log(matmul(array([[1, 2]]), array([[3], [4]])).item());';
  expect(run(program)).toBe("11\n");
});

/** A training that prints its weights' digest; `head` imports LogisticRegression and makes a kernel ready. */
const digest = (head: string): string =>
  run(`${head}
    import { createHash } from "node:crypto";
    const X = Array.from({ length: 3 }, (_, i) => Array.from({ length: 50 }, (_, j) => ((i * 7 + j * 13) % 11) - 5));
    const model = new LogisticRegression({ epochs: 50, dtype: "f64" });
    model.fit(X, [X[0].map((x) => (x > 0 ? 1 : 0))]);
    console.log(createHash("sha256").update(Buffer.from(model.w.copy().data.slice().buffer)).digest("hex"));`);

test("fourlane/load trains to the same bits with the kernel that the package has as a file", () => {
  const given = `import { init, LogisticRegression } from "fourlane/load";
    import { readFileSync } from "node:fs";
    await init(readFileSync(new URL(import.meta.resolve("fourlane/kernel.simd.wasm"))));`;
  const inlined = 'import { configure, LogisticRegression } from "fourlane"; configure({ reproducible: true });';
  expect(digest(given)).toMatch(/^[0-9a-f]{64}\n$/);
  expect(digest(given)).toBe(digest(inlined));
});

/** Programs on entries that stand on others, and what they print. */
const entries: [string, string][] = [
  [
    'import { array, info } from "fourlane/js"; import { variable, square } from "fourlane/js/graph"; const x = variable(array(3)); square(x).backward(); console.log(info().build, x.grad.item());',
    "js 6\n",
  ],
  [
    'import { array } from "fourlane/js"; import { readNpy, writeNpy } from "fourlane/js/npy"; console.log(readNpy(writeNpy(array([1, 2]))).toArray());',
    "[ 1, 2 ]\n",
  ],
  [
    'import { SoftmaxRegression } from "fourlane/softmax-regression"; import { lbfgs } from "fourlane/optimizers"; const model = new SoftmaxRegression({ l2: 1, optimizer: lbfgs() }); model.fit([[0, 1, 2, 3, 4, 5]], [[0, 0, 1, 1, 2, 2]]); console.log(model.predict([[0, 5]]).toArray());',
    "[ [ 0, 2 ] ]\n",
  ],
];

test.each(entries)("%s", (program, printed) => {
  expect(run(program)).toBe(printed);
});
