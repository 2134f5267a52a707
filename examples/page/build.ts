/** Makes the page's folder, which any static server can serve. */
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { BUNDLES, bundle } from "../../scripts/bundle.ts";

const FOLDER = "build/page";

/** The page's folder. */
export const page = new URL(`../../${FOLDER}/`, import.meta.url);

/** The page uses the package's own three files, as they are published. */
const packageApart: Plugin = {
  name: "package-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/src\/index\.ts$/ }, () => ({ path: "./fourlane/index.js", external: true }));
  },
};

const copied = [
  [import.meta.resolve("./index.html"), "index.html"],
  [import.meta.resolve("./page.css"), "page.css"],
  [import.meta.resolve("../../data/planar-flower.csv"), "planar-flower.csv"],
  [import.meta.resolve("uplot/dist/uPlot.min.css"), "uPlot.min.css"],
] as const;

/** Bundles the page and the package, and copies the rest. */
export async function buildPage(): Promise<void> {
  const script = build({
    entryPoints: [fileURLToPath(import.meta.resolve("./page.ts"))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outfile: fileURLToPath(new URL("page.js", page)),
    logLevel: "warning",
    plugins: [packageApart],
  });
  await Promise.all([script, ...BUNDLES.map((name) => bundle(name, `${FOLDER}/fourlane`))]);
  for (const [from, to] of copied) copyFileSync(new URL(from), new URL(to, page));
}
