/** A host that refuses to compile synchronously, as old WebViews do, imitated in Chromium. */

import type { Host } from "../../../scripts/hosts/host.ts";
import { open, served } from "../../../scripts/hosts/page.ts";

const MESSAGE =
  "fourlane: this host refused to compile the kernel synchronously. Call await init() before anything else.";

export const hosts: Host[] = [
  {
    name: "Old WebView",
    how: "`import` by path, `await init()`",
    execution: "worker",
    run({ path, edit }) {
      edit("program.mjs", (text) => text.replace('"fourlane"', '"./node_modules/fourlane/dist/index.js"'));
      return served(path, async (url) => {
        const opened = await open(`${url}index.html`);
        if (opened.title !== MESSAGE) throw new Error(`before init the error was ${JSON.stringify(opened.title)}`);
        return { ...opened, version: `${opened.version}, imitating` };
      });
    },
  },
];
