/**
 * Bundles the package's modules: what `src` is to people who read it, these files are to hosts that load them.
 *
 *   index.js                the package, but for what follows
 *   load.js                 the same without a kernel
 *   workerd.js, edge-light.js, js.js   load.js with a way to a kernel (src/loading)
 *   load/…                  what is on top of index.js, on top of load.js
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

/** The kernel is given. */
const given: Plugin = {
  name: "given",
  resolveId: (source) => (source.endsWith("/loading/inlined.ts") ? path("src/loading/given.ts") : undefined),
};

/**
 * load.js with a way to a kernel. It exports the names as its own, not as load.js's, since a module without side effects of
 * which nothing is used but what it hands on is left out by bundlers. `query`: what the host wants to be said after the name
 * of a .wasm file.
 */
const provided = (query = ""): Plugin => ({
  name: "provided",
  resolveId(source) {
    if (source === "./load.js") return { id: source, external: true };
    return source.endsWith(".wasm") ? { id: `./${source.split("/").at(-1)}${query}`, external: true } : undefined;
  },
  async transform(code, id) {
    if (!id.startsWith(path("src/loading/"))) return undefined;
    const names = Object.keys(await import("../src/index.ts"));
    const own = names.map((name) => `export const ${name} = core.${name};`).join("\n");
    const text = `import * as core from "./load.js"; ${code.replaceAll("export ", "")}
core.provide({ plain, choose, loadKernel });
${own}`;
    return { code: text, map: null };
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

/** An entry on top of the package imports it as a file of its own. */
const onTop = (host: string): Plugin => ({
  name: "on-top",
  resolveId: (source, importer) =>
    importer && resolve(importer, "..", source) === path("src/index.ts") ? { id: host, external: true } : undefined,
});

/** Who passes a library on passes its licence on. */
const licence = (library: string): string =>
  `/*! Includes ${library}:\n\n${readFileSync(path(`node_modules/${library}/LICENSE`), "utf8")}*/`;

interface Entry {
  source: string;
  plugins: Plugin[];
  banner?: string;
}

/** Entries on top of the package. */
const tops = {
  "graph.js": { source: "src/graph.ts" },
  "npy.js": { source: "src/npy.ts", banner: licence("fflate") },
  "softmax-regression.js": { source: "src/softmax-regression.ts" },
};

type Top = keyof typeof tops;

function on(host: string, top: Top): Entry {
  return { ...tops[top], plugins: [onTop(host)] };
}

const entries: Record<string, Entry> = {
  "index.js": { source: "src/index.ts", plugins: [kernelFirst, asyncApart] },
  "load.js": { source: "src/load.ts", plugins: [given, asyncApart] },
  "workerd.js": { source: "src/loading/module.ts", plugins: [provided()] },
  "edge-light.js": { source: "src/loading/module.ts", plugins: [provided("?module")] },
  "js.js": { source: "src/loading/plain.ts", plugins: [provided()] },
  "async.js": { source: "src/async/index.ts", plugins: [withoutKernel] },
  "worker.js": { source: "src/threads/worker.ts", plugins: [withoutKernel] },
  "optimizers.js": { source: "src/optimizers.ts", plugins: [] },
};
for (const top of Object.keys(tops) as Top[]) {
  entries[top] = on("./index.js", top);
  entries[`load/${top}`] = on("../load.js", top);
}

/** A file of the package. */
export type Bundle = string;

/** Names of the bundles. */
export const BUNDLES = Object.keys(entries);

/** The text of one file, as `npm run build` makes it. */
export function bundled(name: Bundle): Promise<string> {
  return bundle(name);
}

/** Bundles one file into `folder`, or only into memory without one. @returns its text. */
export async function bundle(name: Bundle, folder?: string): Promise<string> {
  const { source, plugins, banner } = entries[name]!;
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
  await Promise.all((names.length > 0 ? names : BUNDLES).map((name) => bundle(name, folder)));
}
