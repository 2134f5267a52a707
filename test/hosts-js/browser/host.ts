/** Browsers, where a page's own scripts import the package's file, under a strict Content-Security-Policy. */

import type { Host } from "../../../scripts/hosts/host.ts";
import { type Opened, open, served } from "../../../scripts/hosts/page.ts";
import type { Stage } from "../../../scripts/hosts/stage.ts";
import { openWebKit } from "../../../scripts/hosts/webkit.ts";
import { browsers } from "../../browser/browsers.ts";

const FILE = "./node_modules/fourlane/dist/index.js";

const host = (name: string, visit: (url: string) => Promise<Opened>): Host => ({
  name,
  how: "`import` by path, strict policy",
  execution: "worker",
  run({ path, edit }: Stage) {
    edit("program.mjs", (text) => text.replace('"fourlane"', `"${FILE}"`));
    return served(path, (url) => visit(`${url}index.html`));
  },
});

export const hosts = [
  ...browsers.map(({ name, launch }) => host(name, (url) => open(url, { launch }))),
  host("WebKit", openWebKit),
];
