/** Browsers, where a page's own scripts import the package's file, under a strict Content-Security-Policy. */

import type { Host } from "../../../scripts/hosts/host.ts";
import { byPath, type Opened, open, served } from "../../../scripts/hosts/page.ts";
import { openWebKit } from "../../../scripts/hosts/webkit.ts";
import { browsers } from "../../browser/browsers.ts";

const host = (name: string, visit: (url: string) => Promise<Opened>): Host => ({
  name,
  how: "`import` by path, strict policy",
  execution: "worker",
  run(stage) {
    byPath(stage, "program.mjs");
    return served(stage.path, (url) => visit(`${url}index.html`));
  },
});

export const hosts = [
  ...browsers.map(({ name, launch }) => host(name, (url) => open(url, { launch }))),
  host("WebKit", openWebKit),
];
