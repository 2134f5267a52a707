/** The files that an import of the package or of its entries loads, as `npm run build` makes them. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, bundled } from "../scripts/bundle.ts";

const file = await bundled("index.js");

/** Gzipped bytes of a program that uses the package, without what it does not use. */
async function shaken(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    plugins: [
      {
        name: "the built package",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^fourlane$/ }, () => ({ path: "fourlane", namespace: "built", sideEffects: false }));
          onLoad({ filter: /./, namespace: "built" }, () => ({ contents: file }));
        },
      },
    ],
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

test("takes less than 40 KB gzipped", () => {
  expect(gzipSync(file, { level: 9 }).length).toBeLessThan(40_000);
});

test("leaves out what a program does not use", async () => {
  const whole = await shaken('export * from "fourlane";');
  const product = await shaken('export { array, matmul } from "fourlane";');
  const model = await shaken('export { LogisticRegression } from "fourlane";');
  expect(whole - product).toBeGreaterThan(6000);
  expect(whole - model).toBeGreaterThan(3000);
});

/** Entries beside index.js: most gzipped bytes, exported classes, what they import. */
const entries: [Bundle, number, string[], string[]][] = [
  ["graph.js", 9000, ["Variable"], ["./index.js"]],
  ["npy.js", 14_000, [], ["./index.js"]],
  ["softmax-regression.js", 1400, ["SoftmaxRegression"], ["./index.js"]],
  ["optimizers.js", 2500, [], []],
];

/** Names of the classes among a module's exports, each of which knows its name. */
function classesOf(exports: Record<string, unknown>): string[] {
  const classes = Object.entries(exports).filter(([, value]) => /^class\b/.test(String(value)));
  for (const [name, value] of classes) {
    const { prototype } = value as { prototype: object };
    expect(prototype.constructor.name).toBe(name);
  }
  return classes.map(([name]) => name).sort();
}

describe.each(entries)("%s", (name, most, classes, imports) => {
  test("takes few bytes, because of the package it imports index.js, if anything", async () => {
    const text = await bundled(name);
    expect(gzipSync(text, { level: 9 }).length).toBeLessThan(most);
    const imported = text.matchAll(/\b(?:from|import)\s*\(?\s*["'`]([^"'`]*)["'`]/g);
    expect([...new Set(Array.from(imported, ([, from]) => from))]).toEqual(imports);
  });

  test("names its classes as its users do", async () => {
    const text = (await bundled(name)).replaceAll(
      '"./index.js"',
      `"data:text/javascript,${encodeURIComponent(file)}"`,
    );
    const found = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    expect(classesOf(found)).toEqual(classes);
  });

  test("is exported by the package, types first", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    const entry = manifest.exports[`./${name.replace(".js", "")}`];
    const elsewhere = imports.map(() => `./dist/load/${name}`);
    expect(Object.entries(entry)).toEqual([
      ["types", `./dist/${name.replace(".js", ".d.ts")}`],
      ...elsewhere.flatMap((file) => [
        ["workerd", file],
        ["edge-light", file],
      ]),
      ["default", `./dist/${name}`],
    ]);
  });
});

describe("entries beside index.js", () => {
  let folder: string;
  const load = (name: string): Promise<Record<string, unknown>> => import(pathToFileURL(join(folder, name)).href);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fourlane-"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    for (const name of ["index.js", ...entries.map(([name]) => name)] as Bundle[]) {
      await writeFile(join(folder, name), (await bundled(name)).replace(/\n\/\/# sourceMappingURL=.*/, ""));
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("graph.js computes with the arrays and in the memory of index.js", async () => {
    const { array, info } = (await load("index.js")) as unknown as typeof import("../src/index.ts");
    const { mul, sum, variable } = (await load("graph.js")) as unknown as typeof import("../src/graph.ts");
    const a = array([1, 2]);
    const { arrays } = info().memory;
    const x = variable(a);
    expect(x.value).toBe(a);
    expect(info().memory.arrays).toBe(arrays);
    sum(mul(x, x)).backward();
    expect(x.grad?.toArray()).toEqual([2, 4]);
    expect(info().memory.arrays).toBeGreaterThan(arrays);
  });

  test("npy.js reads and writes arrays of index.js", async () => {
    const { array, info, NDArray } = (await load("index.js")) as unknown as typeof import("../src/index.ts");
    const { readNpz, writeNpz } = (await load("npy.js")) as unknown as typeof import("../src/npy.ts");
    const X = array([[1, 2, 3]]);
    const { arrays } = info().memory;
    const read = readNpz(writeNpz({ X }, { compress: true })).X;
    expect(read).toBeInstanceOf(NDArray);
    expect(read!.toArray()).toEqual([[1, 2, 3]]);
    expect(info().memory.arrays).toBe(arrays + 1);
  });

  test("an array of another copy of the package is told from what is none, and can be copied", async () => {
    const { add, array, LogisticRegression } = (await load(
      "index.js",
    )) as unknown as typeof import("../src/index.ts");
    const theirs = (await import("../src/index.ts")).array([[1, 2]]);
    expect(() => add(array([[1, 2]]), theirs)).toThrow(
      new TypeError(
        "add: b is an NDArray of another copy of the package; expected an NDArray. array(…) makes one.",
      ),
    );
    expect(array(theirs).toArray()).toEqual([[1, 2]]);
    const model = new LogisticRegression({ epochs: 1 });
    expect(model.fit(theirs, [[0, 1]]).epochs).toBe(1);
  });

  test("optimizers.js trains the models of index.js, where none of it stands", async () => {
    const { LogisticRegression } = (await load("index.js")) as unknown as typeof import("../src/index.ts");
    const { adam, lbfgs, momentum } = (await load(
      "optimizers.js",
    )) as unknown as typeof import("../src/optimizers.ts");
    const costs = [undefined, momentum(), adam(), lbfgs()].map((optimizer) => {
      const options = { l2: 1, epochs: 20, learningRate: 0.1 };
      using model = new LogisticRegression(optimizer ? { ...options, optimizer } : options);
      return model.fit([[1, 2, 3, 4]], [[0, 1, 0, 1]]).cost.at(-1)!;
    });
    expect(new Set(costs).size).toBe(4);
    expect(Math.min(...costs)).toBe(costs[3]);
    expect(file).not.toMatch(/beta1|historySize/);
  });

  test("npy.js bears the licence of what it includes", async () => {
    const licence = readFileSync(new URL("../node_modules/fflate/LICENSE", import.meta.url), "utf8");
    expect(licence).toMatch(/^MIT License\n\nCopyright/);
    expect(await bundled("npy.js")).toContain(licence);
  });
});

test("names its classes as its users do", async () => {
  const found: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(file)}`);
  expect(classesOf(found)).toEqual([
    "Classifier",
    "LogisticRegression",
    "NDArray",
    "Random",
    "StandardScaler",
    "TwoLayerNetwork",
  ]);
});
