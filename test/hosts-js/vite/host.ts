/** Vite: what it builds, and what its server for development serves. */
import { bundler } from "../../../scripts/hosts/bundler.ts";
import type { Host } from "../../../scripts/hosts/host.ts";
import { freePort, open } from "../../../scripts/hosts/page.ts";

const dev: Host = {
  name: "Vite, dev",
  how: "`import`, served by `vite`",
  execution: "worker",
  async run({ serve, edit, version }) {
    // The browser would ask for one, and report that there is none.
    edit("index.html", (html) => html.replace("<title>", '<link rel="icon" href="data:,"><title>'));
    const port = await freePort();
    const where = ["--host", "127.0.0.1", "--port", `${port}`, "--strictPort"];
    const server = await serve(/ready in/, "npm", "run", "dev", "--", ...where);
    try {
      const { answer, version: browser } = await open(`http://127.0.0.1:${port}/`);
      return { version: `vite ${version("vite")}, ${browser}`, answer };
    } finally {
      await server.close();
    }
  },
};

export const hosts = [bundler("Vite, build", "vite", "dist"), dev];
