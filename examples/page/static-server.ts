/** A server of one folder, for pages that need headers of their own. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";

/** What is served. */
export interface Site {
  folder: URL;
  /** Headers of every response. */
  headers?: Record<string, string>;
  /** A free one unless told. */
  port?: number;
}

/** A running server. */
export interface Server {
  /** Where it is: `http://127.0.0.1:port/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** With these two a page is cross-origin isolated: its workers may share memory. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * What a page with workers and wasm has to be allowed, and nothing else. Workers get it with their own script's
 * response.
 */
export const POLICY = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
    "connect-src 'self'; img-src 'self' data:",
};

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".map": "application/json",
  ".csv": "text/csv",
};

/** Serves on 127.0.0.1 the files that the folder holds now, and nothing else: a path is looked up, not followed. */
export async function serve({ folder, headers = {}, port = 0 }: Site): Promise<Server> {
  const files = new Map<string, { type: string; body: Buffer }>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(name)];
    if (type) files.set(`/${name.replaceAll("\\", "/")}`, { type, body: readFileSync(new URL(name, folder)) });
  }
  const server = createServer(({ url = "/" }, response) => {
    const path = url.split("?", 1)[0]!;
    const found = files.get(path === "/" ? "/index.html" : path);
    response.writeHead(found ? 200 : 404, { ...headers, "Content-Type": found?.type ?? "text/plain" });
    response.end(found?.body ?? "not here");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
