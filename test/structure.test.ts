/** The floors of the blueprint: what may import what, where things may stand, how large they may be. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const src = [
  "words",
  "check",
  "kernel-bytes",
  "abi",
  "kernel",
  "shared-twin",
  "memory",
  "host",
  "deferred",
  "runtime",
  "storage",
  "strided",
  "slicing",
  "printing",
  "ndarray",
  "creation",
  "output",
  "operations",
  "powers",
  "comparisons",
  "selection",
  "joining",
  "ranges",
  "reductions",
  "random",
  "history",
  "passes",
  "chunks",
  "weights",
  "dataset",
  "optimizer",
  "hyperparameters",
  "descent",
  "batches",
  "metrics",
  "early-stopping",
  "fit-options",
  "training",
  "fitting",
  "estimator",
  "classifier",
  "logistic-regression",
  "softmax",
  "two-layer-network",
  "preprocessing",
  "matmul-async",
  "index",
];

/** Entries on top of index, which is all that they use of src; each has a folder of its own. */
const entries = {
  graph: [
    "errors",
    "node",
    "arrays",
    "backward",
    "labels",
    "mermaid",
    "layout",
    "svg",
    "variable",
    "operation",
    "elementwise",
    "products",
    "reductions",
    "selection",
    "softmax",
    "cross-entropy",
    "gradients",
    "check-gradients",
  ],
  "softmax-regression": ["errors", "pass", "classes", "model"],
  optimizers: ["errors", "momentum", "adam", "minimiser", "lbfgs"],
  npy: ["errors", "literal", "elements", "header", "npy", "crc32", "directory", "unpack", "npz"],
};

/** Ways to the kernel, of which the build script takes one; runtime.ts names the first. */
const loading = ["inlined", "given", "module", "plain"];

/** The kernel in plain JavaScript. */
const plain = [
  "memory",
  "math",
  "power",
  "selection",
  "elementwise",
  "activations",
  "copy",
  "pack",
  "gemm",
  "reduce",
  "search",
  "loss",
  "random",
  "logistic",
  "two-layer",
  "softmax",
  "optimizer",
  "exports",
];

/** What src loads when it is first needed: it may use what stands above "deferred", and the rest as types. */
const later = ["source", "options", "driving", "placement", "fits", "loop", "stream", "product", "index"];

/** Workers: run.ts is the way to them, worker.ts their script. */
const threads = [
  "protocol",
  "control",
  "port",
  "team",
  "starts",
  "pool",
  "run",
  "spec",
  "parts",
  "session",
  "worker",
];

const assembly = [
  "vec",
  "touch",
  "math",
  "copy",
  "tile",
  "vector-matrix",
  "gemm",
  "elementwise",
  "power",
  "selection",
  "activations",
  "search",
  "sum",
  "reduce",
  "loss",
  "random",
  "along-samples",
  "along-features",
  "logistic",
  "two-layer",
  "softmax",
  "optimizer",
  "exports",
  "index",
];

const root = new URL("../", import.meta.url);

function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

const COMMENT_OR_TEXT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

/** A file without comments, and without what stands in quotes if `texts` is false. */
function code(path: string, texts = false): string {
  return readText(path).replace(COMMENT_OR_TEXT, (found) => (texts && !found.startsWith("/") ? found : '""'));
}

/** What a file imports or re-exports, statically or not. */
function importsOf(path: string): string[] {
  const specifier = /\b(?:from|import|require)\s*\(?\s*["'`]([^"'`]+)["'`]/g;
  return Array.from(code(path, true).matchAll(specifier), (match) => match[1]!);
}

/** What a folder's files may import from other folders. */
function ways(folder: string): string[] {
  if (folder === "assembly") return [];
  if (folder === "src") return ["./async/index.ts", "./async/stream.ts", "./loading/inlined.ts"];
  if (folder === "src/npy") return ["../index.ts", "../words.ts", "fflate"];
  if (folder.replace("src/", "") in entries) return ["../index.ts", "../words.ts"];
  if (folder === "src/loading") {
    return ["../check.ts", "../kernel.ts", "../kernel-bytes.ts", "../kernel.simd.wasm", "../plain/exports.ts"];
  }
  if (folder === "src/plain") return ["../abi.ts"];
  const below = src.slice(0, src.indexOf("estimator")).map((file) => `../${file}.ts`);
  if (folder === "src/async") return [...below, "../threads/run.ts", "../threads/pool.ts"];
  // A worker makes anew what cannot be sent.
  return [...below, "../async/driving.ts", "../optimizers.ts", "../softmax-regression/pass.ts"];
}

/** The kernel's bytes are text, made by a script. */
const written = [
  ...src.filter((name) => name !== "kernel-bytes"),
  ...loading.map((name) => `loading/${name}`),
  ...plain.map((name) => `plain/${name}`),
  ...later.map((name) => `async/${name}`),
  ...threads.map((name) => `threads/${name}`),
  ...Object.entries(entries).flatMap(([entry, names]) => [entry, ...names.map((name) => `${entry}/${name}`)]),
];

const entryFolders = Object.entries(entries).map(([entry, names]): [string, string[], string] => {
  return [`src/${entry}`, names, ".ts"];
});

describe.each<[string, string[], string]>([
  ["src", src, ".ts"],
  ["src/loading", loading, ".ts"],
  ["src/plain", plain, ".ts"],
  ["src/async", later, ".ts"],
  ["src/threads", threads, ".ts"],
  ...entryFolders,
  ["assembly", assembly, ""],
])("%s", (folder, order, extension) => {
  test("holds the files of its list and no others", () => {
    const found = readdirSync(new URL(folder, root)).filter((name) => /(?<!\.d)\.ts$/.test(name));
    const others = folder === "src" ? [...Object.keys(entries), "load"] : [];
    expect(found.sort()).toEqual([...order, ...others].map((name) => `${name}.ts`).sort());
  });

  test.each(order)("%s imports only from files above it in the list", (name) => {
    const above = order.slice(0, order.indexOf(name)).map((file) => `./${file}${extension}`);
    above.push(...ways(folder));
    expect(importsOf(`${folder}/${name}.ts`).filter((from) => !above.includes(from))).toEqual([]);
  });

  test("is documented: a docstring stands before every export", () => {
    const declaration =
      /^export (?:default |declare |abstract |async )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/;
    const bare = order
      .filter((name) => `${folder}/${name}` !== "assembly/exports")
      .flatMap((name) => {
        const documented = new Set<string>();
        const lines = readText(`${folder}/${name}.ts`).split("\n");
        return lines.flatMap((line, i) => {
          const exported = declaration.exec(line)?.[1];
          if (!exported || documented.has(exported)) return [];
          // Overloads share the docstring of the first; decorators may stand between.
          const before = lines
            .slice(0, i)
            .reverse()
            .find((above) => !/^\s*(@|\/\/ @ts|\/\/ biome)/.test(above));
          documented.add(exported);
          return before?.endsWith("*/") ? [] : [`${name}: ${exported}`];
        });
      });
    expect(bare).toEqual([]);
  });

  test.each(order)("%s starts by saying what it is for", (name) => {
    expect(readText(`${folder}/${name}.ts`)).toMatch(/^\/(\*\*|\/ Made by)/);
  });
});

describe("in src", () => {
  test.each(written)("%s throws only through check.ts, or the errors.ts of its entry", (name) => {
    expect(/\bthrow new\b/.test(code(`src/${name}.ts`))).toBe(name === "check" || name.endsWith("/errors"));
  });

  test.each(Object.keys(entries))("%s exports what stands in its folder, and does nothing else", (entry) => {
    const statements = code(`src/${entry}.ts`, true).replaceAll(/export (?:type )?\{[^}]*\} from "[^"]*";/g, "");
    expect(statements.replaceAll('""', "").trim()).toBe("");
    expect(importsOf(`src/${entry}.ts`).filter((from) => !from.startsWith(`./${entry}/`))).toEqual([]);
  });

  test.each(written)("%s says WebAssembly only if it is the kernel, or loads it", (name) => {
    const may = ["kernel", "loading/inlined", "loading/module", "async/source"];
    expect(/\bWebAssembly\b/.test(code(`src/${name}.ts`))).toBe(may.includes(name));
  });

  test.each(written.filter((name) => name !== "check"))("%s has fewer than 300 lines", (name) => {
    expect(readText(`src/${name}.ts`).split("\n").length).toBeLessThan(300);
  });

  test("nothing that an engine may compute in its own way reaches a weight", () => {
    // Metrics only report; memory and kernel compute with whole numbers and powers of two.
    const reporting = ["metrics", "memory"];
    const differs = /\bMath\.(exp|expm1|log|log1p|log10|pow|sin|cos|tan|tanh|sinh|cosh|random|cbrt|hypot)\b/;
    expect(written.filter((name) => !reporting.includes(name) && differs.test(code(`src/${name}.ts`)))).toEqual([]);
  });
});

describe("in assembly", () => {
  test.each(assembly)("%s has fewer than 350 lines", (name) => {
    expect(readText(`assembly/${name}.ts`).split("\n").length).toBeLessThan(350);
  });

  test("every export of the kernel stands on the ABI's page", () => {
    const page = readText("assembly/index.ts");
    const exported = Array.from(
      readText("assembly/exports.ts").matchAll(/^export function (\w+)/gm),
      ([, name]) => name!,
    );
    expect(exported.length).toBeGreaterThan(70);
    const bases = new Set(exported.map((name) => name.replace(/_f(32|64)$/, "").replace(/_derivative$/, "")));
    expect([...bases].filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });
});

test("the package depends on nothing at run time", () => {
  const manifest: Record<string, unknown> = JSON.parse(readText("package.json"));
  const kinds = ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"];
  expect(kinds.filter((kind) => kind in manifest)).toEqual([]);
});
