/**
 * Bundles the package's modules: what `src` is to people who read it, these files are to hosts that load them.
 *
 *   index.js     the package, but for what follows
 *   async.js     what runs asynchronously, loaded when it is first needed
 *   worker.js    the script of a worker
 *
 * Each bundle is closed in itself: async.js shares no state with index.js, and a worker is given its kernel.
 */
import { fileURLToPath } from "node:url";
import { type BuildResult, build, type Plugin } from "esbuild";

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
      contents: 'export const unpacker = "", packed = "", sizes = { simd: 0, relaxed: 0 };',
    }));
  },
};

const entries = {
  "index.js": { source: "src/index.ts", plugins: [asyncApart] },
  "async.js": { source: "src/async/index.ts", plugins: [withoutKernel] },
  "worker.js": { source: "src/threads/worker.ts", plugins: [withoutKernel] },
};

/** A file of the package. */
export type Bundle = keyof typeof entries;

/** Names of the bundles. */
export const BUNDLES = Object.keys(entries) as Bundle[];

/** Bundles one file into `folder`, or only into memory without one. */
export function bundle(name: Bundle, folder?: string): Promise<BuildResult> {
  const { source, plugins } = entries[name];
  return build({
    entryPoints: [path(source)],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: folder === "dist",
    outfile: path(`${folder ?? "dist"}/${name}`),
    write: folder !== undefined,
    logLevel: "warning",
    plugins,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "dist", ...names] = process.argv.slice(2);
  await Promise.all((names.length > 0 ? (names as Bundle[]) : BUNDLES).map((name) => bundle(name, folder)));
}
