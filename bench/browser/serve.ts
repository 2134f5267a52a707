/**
 * Serves the page: `npm run bench:browser`. With `-- --record`, a headless Chromium (CHROMIUM names another binary)
 * runs it and the result goes to bench/results/browser.json.
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

/** Cross-origin isolation gives the page the finer clock. */
const HEADERS = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const TFJS = new URL("../peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url);

function file(path: string): { type: string; body: string | Buffer } | undefined {
  if (path === "/") return { type: "text/html", body: readFileSync(new URL("index.html", import.meta.url)) };
  if (path === "/page.js") return { type: "text/javascript", body: script };
  const name = path.match(/^\/tfjs\/([\w-]+\.wasm)$/)?.[1];
  return name ? { type: "application/wasm", body: readFileSync(new URL(name, TFJS)) } : undefined;
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += piece;
  return body;
}

const record = process.argv.includes("--record");
let finish: (result: string) => void = () => undefined;
const result = new Promise<string>((resolve) => {
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

console.log(`http://localhost:${PORT}/`);
if (record) {
  const profile = mkdtempSync(`${tmpdir()}/bench-browser-`);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const address = `http://localhost:${PORT}/?record`;
  const chromium = spawn(process.env.CHROMIUM ?? "chromium", [...flags, `--user-data-dir=${profile}`, address], {
    stdio: "ignore",
  });
  writeFileSync(new URL("../results/browser.json", import.meta.url), `${await result}\n`);
  const ended = new Promise((resolve) => chromium.once("exit", resolve));
  chromium.kill();
  await ended;
  server.close();
  rmSync(profile, { recursive: true, force: true });
  process.exit();
}
