/** Hosts that are bundles: built by the folder's own `npm run build` into dist/, served strictly, opened in Chromium. */
import type { Host } from "./host.ts";
import { open, served } from "./page.ts";
import { weigh } from "./stage.ts";

/** A bundler by its name and its package's; `root` is the folder whose index.html is opened. */
export function bundler(name: string, packaged: string, root: "." | "dist"): Host {
  return {
    name,
    how: "`import`, bundled",
    execution: "worker",
    async run({ path, run, version }) {
      await run("npm", "run", "build");
      const { answer, version: browser } = await served(`${path}/${root}`, (url) => open(`${url}index.html`));
      return {
        version: `${packaged} ${version(packaged)}, ${browser}`,
        answer,
        bundle: weigh(`${path}/dist`),
      };
    },
  };
}
