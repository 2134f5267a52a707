/**
 * Serves the pages: `npm run bench:browser`. With `-- --record`, a headless Chromium (CHROMIUM names another binary)
 * runs the comparison and the result goes to bench/results/browser.json; with `-- --record frames` the page about
 * frames, to frames.json.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { installPeers } from "../peers/install.ts";

const PORT = 4173;

installPeers();
const { build } = await import("../peers/node_modules/esbuild/lib/main.js");
const { outputFiles } = await build({
  entryPoints: ["page.ts", "frames-page.ts"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  bundle: true,
  outdir: "/",
  write: false,
  format: "esm",
  target: "es2022",
  // The loops' version is that of the browser, which the result names.
  define: { "process.versions.v8": '"of the browser"' },
  nodePaths: [fileURLToPath(new URL("../peers/node_modules", import.meta.url))],
  logLevel: "error",
});
const scripts = Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));

/** Cross-origin isolation gives the page the finer clock, and workers that share memory. */
const HEADERS = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const WORKER = new URL("../../src/threads/worker.js", import.meta.url);
const TFJS = new URL("../peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url);

function file(path: string): { type: string; body: string | Buffer } | undefined {
  const page = path === "/" ? "index.html" : path === "/frames" ? "frames.html" : undefined;
  if (page) return { type: "text/html", body: readFileSync(new URL(page, import.meta.url)) };
  if (scripts[path]) return { type: "text/javascript", body: scripts[path] };
  if (path === "/worker.js") return { type: "text/javascript", body: readFileSync(WORKER) };
  const name = path.match(/^\/tfjs\/([\w-]+\.wasm)$/)?.[1];
  return name ? { type: "application/wasm", body: readFileSync(new URL(name, TFJS)) } : undefined;
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += piece;
  return body;
}

const record = process.argv.includes("--record");
const [page, result] = process.argv.includes("frames") ? ["frames", "frames.json"] : ["", "browser.json"];
let finish: (result: string) => void = () => undefined;
const answer = new Promise<string>((resolve) => {
  finish = resolve;
});

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "POST" && path === "/result" && record) {
    finish(await text(request));
    response.writeHead(204).end();
    return;
  }
  const found = file(path);
  response.writeHead(found ? 200 : 404, { ...HEADERS, "Content-Type": found?.type ?? "text/plain" });
  response.end(found?.body ?? "not here");
}).listen(PORT, "127.0.0.1");

console.log(`http://localhost:${PORT}/ compares, http://localhost:${PORT}/frames watches frames`);
if (record) {
  const profile = mkdtempSync(`${tmpdir()}/bench-browser-`);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const address = `http://localhost:${PORT}/${page}?record`;
  const chromium = spawn(process.env.CHROMIUM ?? "chromium", [...flags, `--user-data-dir=${profile}`, address], {
    stdio: "ignore",
  });
  writeFileSync(new URL(`../results/${result}`, import.meta.url), `${await answer}\n`);
  const ended = new Promise((resolve) => chromium.once("exit", resolve));
  chromium.kill();
  await ended;
  server.close();
  rmSync(profile, { recursive: true, force: true });
  process.exit();
}
