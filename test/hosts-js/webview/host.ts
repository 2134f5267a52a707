/** A host that refuses to compile synchronously, as old WebViews do, imitated in Chromium. */
import type { Host } from "../../../scripts/hosts/host.ts";
import { byPath, open, served } from "../../../scripts/hosts/page.ts";

const MESSAGE =
  "fourlane: this host refused to compile the kernel synchronously. Call await init() before anything else.";

export const hosts: Host[] = [
  {
    name: "Old WebView",
    how: "`import` by path, `await init()`",
    execution: "worker",
    async run(stage) {
      byPath(stage, "program.mjs");
      byPath(stage, "main.mjs");
      const { title, answer, version } = await served(stage.path, (url) => open(`${url}index.html`));
      if (title !== MESSAGE) throw new Error(`before init the error was ${JSON.stringify(title)}`);
      return { answer, version: `${version}, imitating` };
    },
  },
];
