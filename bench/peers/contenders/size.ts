/** What a page downloads to begin with: each library bundled and minified by esbuild, gzipped, its .wasm file with it. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync, version } from "esbuild";
import type { Contender } from "../../contenders/contender.ts";

const modules = new URL("../node_modules/", import.meta.url);

interface Package {
  name: string;
  imports: string[];
  wasm?: string;
}

const PACKAGES: readonly Package[] = [
  { name: "fourlane", imports: [fileURLToPath(new URL("../../../dist/index.js", import.meta.url))] },
  {
    name: "TensorFlow.js wasm",
    imports: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
    wasm: "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
  },
  {
    name: "ONNX Runtime Web",
    imports: ["onnxruntime-web/wasm"],
    wasm: "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
  },
  { name: "numpy-ts", imports: ["numpy-ts"] },
  { name: "jax-js", imports: ["@jax-js/jax"] },
];

/** Bytes of the bundle and its kernel; what a library itself loads later, when it is first used, is not among them. */
function gzipped({ imports, wasm }: Package): number {
  const { outputFiles, metafile } = buildSync({
    stdin: {
      contents: imports.map((name) => `export * from ${JSON.stringify(name)};`).join("\n"),
      resolveDir: fileURLToPath(new URL("../", import.meta.url)),
    },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    external: ["node:*", "fs", "path", "crypto", "worker_threads", "perf_hooks", "os", "util"],
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const wanted = new Set(
    Object.keys(metafile.outputs).filter((name) => metafile.outputs[name]!.entryPoint === "<stdin>"),
  );
  for (const name of wanted) {
    for (const { path, kind } of metafile.outputs[name]!.imports) if (kind === "import-statement") wanted.add(path);
  }
  const bundle = outputFiles.filter(({ path }) => wanted.has(relative(process.cwd(), path)));
  const parts = [
    ...bundle.map(({ contents }) => contents),
    ...(wasm ? [readFileSync(new URL(wasm, modules))] : []),
  ];
  return parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0);
}

/** One contender for each package that a page could load. */
export const sizes: readonly Contender[] = PACKAGES.map((library) => ({
  name: library.name,
  version: `bundled by esbuild ${version}`,
  prepare(work) {
    if (work.kind !== "size") return undefined;
    const bytes = gzipped(library);
    return { turn: () => [bytes], answer: () => [] };
  },
}));
