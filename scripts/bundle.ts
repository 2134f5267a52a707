/**
 * Bundles the package's modules: what `src` is to people who read it, these files are to hosts that load them.
 *
 *   index.js                the package, but for what follows
 *   load.js, workerd.js, edge-light.js, js.js   the same with another way to the kernel (src/loading)
 *   async.js                what runs asynchronously, loaded when it is first needed
 *   worker.js               the script of a worker
 *   graph.js                an entry of its own, on top of index.js
 *   npy.js                  another, with what it uses of fflate
 *   softmax-regression.js   another model on top of index.js
 *   optimizers.js           functions that models call; a worker has them, too
 *
 * What is on top of index.js imports it, so that there is one copy of it, with one memory. The others are closed in
 * themselves: async.js shares no state with index.js, and a worker is given its kernel.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "rolldown";

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** index.js imports async.js as a file of its own. */
const asyncApart: Plugin = {
  name: "async-apart",
  resolveId: (source, _, { kind }) =>
    kind === "dynamic-import" && source.endsWith("/async/index.ts")
      ? { id: "./async.js", external: true }
      : undefined,
};

/**
 * The kernel stands first in index.js: gzip codes 16 K symbols alike, and text that shares its blocks with packed bytes
 * costs 1.6 KB.
 */
const kernelFirst: Plugin = {
  name: "kernel-first",
  transform: (code, id) =>
    id === path("src/index.ts") ? { code: `import "./kernel-bytes.ts"; ${code}`, map: null } : undefined,
};

/** Names of other files in plain quotes, as every tool finds them; the minifier prefers backquotes. */
const plainQuotes: Plugin = {
  name: "plain-quotes",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === "chunk") file.code = file.code.replaceAll(/(?<=\b(?:import|URL)\()`(\.\/[\w.]+)`/g, '"$1"');
    }
  },
};

/** The kernel comes by another file of src/loading. `query`: what the host wants to be said after the name of a .wasm file. */
const loading = (name: string, query = ""): Plugin => ({
  name: "loading",
  resolveId(source) {
    if (source.endsWith("/loading/inlined.ts")) return path(`src/loading/${name}.ts`);
    return source.endsWith(".wasm") ? { id: `./${source.split("/").at(-1)}${query}`, external: true } : undefined;
  },
});

/** A worker gets the kernel from who starts it. */
const withoutKernel: Plugin = {
  name: "without-kernel",
  load: (id) =>
    id === path("src/kernel-bytes.ts")
      ? 'export const inlined = { unpacker: "", packed: "", sizes: [0, 0] };'
      : undefined,
};

/** An entry on top of the package imports index.js as a file of its own. */
const onTop: Plugin = {
  name: "on-top",
  resolveId: (source, importer) =>
    importer && resolve(importer, "..", source) === path("src/index.ts")
      ? { id: "./index.js", external: true }
      : undefined,
};

/** Who passes a library on passes its licence on. */
const licence = (library: string): string =>
  `/*! Includes ${library}:\n\n${readFileSync(path(`node_modules/${library}/LICENSE`), "utf8")}*/`;

interface Entry {
  source: string;
  plugins: Plugin[];
  banner?: string;
}

const entries = {
  "index.js": { source: "src/index.ts", plugins: [kernelFirst, asyncApart] },
  "load.js": { source: "src/index.ts", plugins: [loading("given"), asyncApart] },
  "workerd.js": { source: "src/index.ts", plugins: [loading("module"), asyncApart] },
  "edge-light.js": { source: "src/index.ts", plugins: [loading("module", "?module"), asyncApart] },
  "js.js": { source: "src/index.ts", plugins: [loading("plain"), asyncApart] },
  "async.js": { source: "src/async/index.ts", plugins: [withoutKernel] },
  "worker.js": { source: "src/threads/worker.ts", plugins: [withoutKernel] },
  "graph.js": { source: "src/graph.ts", plugins: [onTop] },
  "npy.js": { source: "src/npy.ts", plugins: [onTop], banner: licence("fflate") },
  "softmax-regression.js": { source: "src/softmax-regression.ts", plugins: [onTop] },
  "optimizers.js": { source: "src/optimizers.ts", plugins: [] },
} satisfies Record<string, Entry>;

/** A file of the package. */
export type Bundle = keyof typeof entries;

/** Names of the bundles. */
export const BUNDLES = Object.keys(entries) as Bundle[];

/** The text of one file, as `npm run build` makes it. */
export function bundled(name: Bundle): Promise<string> {
  return bundle(name);
}

/** Bundles one file into `folder`, or only into memory without one. @returns its text. */
export async function bundle(name: Bundle, folder?: string): Promise<string> {
  const { source, plugins, banner }: Entry = entries[name];
  const { output } = await build({
    cwd: path("."),
    input: source,
    platform: "neutral",
    plugins: [...plugins, plainQuotes],
    write: folder !== undefined,
    output: {
      file: path(`${folder ?? "dist"}/${name}`),
      format: "esm",
      minify: true,
      sourcemap: folder !== "src/threads",
      ...(banner && { postBanner: banner }),
    },
  });
  return output[0].code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "dist", ...names] = process.argv.slice(2);
  await Promise.all((names.length > 0 ? (names as Bundle[]) : BUNDLES).map((name) => bundle(name, folder)));
}
