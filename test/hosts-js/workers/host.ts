/** workerd, Cloudflare's runtime, which compiles no WebAssembly while it runs: a worker brings its modules along. */
import type { Host } from "../../../scripts/hosts/host.ts";
import { answerIn, weigh } from "../../../scripts/hosts/stage.ts";

/** Bundles as Cloudflare's tools do: with these conditions, and .wasm as modules of their own. */
const BUNDLE = [
  "--bundle",
  "--minify",
  "--format=esm",
  "--splitting",
  "--conditions=workerd,worker,browser",
  "--loader:.wasm=copy",
  "--outdir=out",
];

const host = (script: string): Pick<Host, "execution" | "run"> => ({
  // It has no workers in the sense of browsers.
  execution: "slices",
  async run({ path, run, version }) {
    await run("rm", "-rf", "out");
    await run("esbuild", `${script}.mjs`, ...BUNDLE);
    const answer = answerIn(await run("node", "serve.mjs", script));
    return { version: `workerd ${version("workerd")}`, answer, bundle: weigh(`${path}/out`) };
  },
});

export const hosts: Host[] = [
  {
    name: "Workers",
    how: "`import`, condition `workerd`",
    ...host("main"),
  },
  { name: "Workers, module given", how: "`import`, `await init(module)`", ...host("given") },
];
