/**
 * Bundles the package's modules: what `src` is to people who read it, these files are to hosts that load them.
 *
 *   index.js     the package, but for what follows
 *   async.js     what runs asynchronously, loaded when it is first needed
 *   worker.js    the script of a worker
 *   graph.js     an entry of its own, on top of index.js
 *   npy.js       another, with what it uses of fflate
 *
 * The first three are closed in themselves: async.js shares no state with index.js, and a worker is given its kernel.
 * The others import index.js, so that there is one copy of it, with one memory.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { slimMap } from "./source-map.ts";

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** index.js imports async.js as a file of its own. */
const asyncApart: Plugin = {
  name: "async-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/async\/index\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./async.js", external: true } : undefined,
    );
  },
};

/** A worker gets the kernel from who starts it. */
const withoutKernel: Plugin = {
  name: "without-kernel",
  setup({ onLoad }) {
    onLoad({ filter: /kernel-bytes\.ts$/ }, () => ({
      contents: 'export const unpacker = "", packed = "", size = 0;',
    }));
  },
};

/** An entry on top of the package imports index.js as a file of its own. */
const onTop: Plugin = {
  name: "on-top",
  setup({ onResolve }) {
    onResolve({ filter: /\/index\.ts$/ }, ({ path: from, resolveDir }) =>
      resolve(resolveDir, from) === path("src/index.ts") ? { path: "./index.js", external: true } : undefined,
    );
  },
};

/** Who passes a library on passes its licence on. */
const withLicence = (library: string): { banner: { js: string } } => ({
  banner: { js: `/*! Includes ${library}:\n\n${readFileSync(path(`node_modules/${library}/LICENSE`), "utf8")}*/` },
});

const entries = {
  // The kernel comes first: gzip codes 16 K symbols alike, and text that shares its blocks with packed bytes costs 1.6 KB.
  "index.js": { source: "src/index.ts", plugins: [asyncApart], inject: [path("src/kernel-bytes.ts")] },
  "async.js": { source: "src/async/index.ts", plugins: [withoutKernel] },
  "worker.js": { source: "src/threads/worker.ts", plugins: [withoutKernel] },
  "graph.js": { source: "src/graph.ts", plugins: [onTop] },
  "npy.js": { source: "src/npy.ts", plugins: [onTop], ...withLicence("fflate") },
};

/** A file of the package. */
export type Bundle = keyof typeof entries;

/** Names of the bundles. */
export const BUNDLES = Object.keys(entries) as Bundle[];

/** The text of one file, as `npm run build` makes it. */
export async function bundled(name: Bundle): Promise<string> {
  return (await bundle(name))[`dist/${name}`]!;
}

/**
 * Bundles one file into `folder`, or only into memory without one.
 *
 * @returns the texts that it consists of, by their paths.
 */
export async function bundle(name: Bundle, folder?: string): Promise<Record<string, string>> {
  const { source, ...more } = entries[name];
  const { outputFiles } = await build({
    ...more,
    absWorkingDir: path("."),
    entryPoints: [source],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: folder !== "src/threads",
    outfile: path(`${folder ?? "dist"}/${name}`),
    write: false,
    logLevel: "warning",
  });
  const texts: Record<string, string> = {};
  for (const { path: file, text } of outputFiles) {
    const place = relative(path("."), file).replaceAll("\\", "/");
    texts[place] = file.endsWith(".map") ? slimMap(text) : text;
    if (folder === undefined) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, texts[place]);
  }
  return texts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "dist", ...names] = process.argv.slice(2);
  await Promise.all((names.length > 0 ? (names as Bundle[]) : BUNDLES).map((name) => bundle(name, folder)));
}
