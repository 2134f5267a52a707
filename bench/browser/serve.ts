/**
 * Serves the page: `npm run bench:browser`. With `-- --record`, a headless Chromium (CHROMIUM names another binary)
 * runs it and the result goes to bench/results/browser.json.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { install } from "../../scripts/install.ts";
import { ISOLATION, serve } from "../../scripts/static-server.ts";

const PORT = 4173;

install(new URL("../peers/", import.meta.url));
const { build } = await import("../peers/node_modules/esbuild/lib/main.js");
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  // The loops' version is that of the browser, which the result names.
  define: { "process.versions.v8": '"of the browser"' },
  nodePaths: [fileURLToPath(new URL("../peers/node_modules", import.meta.url))],
  logLevel: "error",
});
const script = outputFiles[0]!.text;

const record = process.argv.includes("--record");
let finish: (result: string) => void = () => undefined;
const result = new Promise<string>((resolve) => {
  finish = resolve;
});

const server = await serve({
  port: PORT,
  folders: {
    "/tfjs/": new URL("../peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url),
    "/": new URL("./", import.meta.url),
  },
  // The finer clock.
  headers: ISOLATION,
  answers: {
    "/page.js": () => ({ type: "text/javascript", body: script }),
    "/result": async (request) => {
      if (record) finish(await text(request));
      return { status: 204 };
    },
  },
});

console.log(server.url);
if (record) {
  const profile = mkdtempSync(`${tmpdir()}/bench-browser-`);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const address = `${server.url}?record`;
  const chromium = spawn(process.env.CHROMIUM ?? "chromium", [...flags, `--user-data-dir=${profile}`, address], {
    stdio: "ignore",
  });
  writeFileSync(new URL("../results/browser.json", import.meta.url), `${await result}\n`);
  const ended = new Promise((resolve) => chromium.once("exit", resolve));
  chromium.kill();
  await ended;
  await server.close();
  // Its children may write for a moment longer.
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  process.exit();
}
