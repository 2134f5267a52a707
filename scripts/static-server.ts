/** A server of folders on this machine, for pages that a browser opens in tests and benchmarks. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

/** What a path answers instead of a file: 200 and no body unless told. */
export interface Answer {
  status?: number;
  type?: string;
  body?: string;
}

/** What is served. */
export interface Site {
  /** Folders by the prefix of their paths, which ends with a slash: `{ "/dist/": url }`. The first that fits counts. */
  folders: Record<string, URL>;
  /** Headers of every response. */
  headers?: Record<string, string>;
  /** Paths that answer something else than a file would. */
  answers?: Record<string, (request: IncomingMessage) => Answer | Promise<Answer>>;
  /** A free one unless told. */
  port?: number;
}

/** A running server. */
export interface Server {
  /** Where it is: `http://127.0.0.1:port/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** With these two a page is cross-origin isolated: it may share memory and has the finer clock. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves a site on 127.0.0.1. What no folder holds is a 404. */
export async function serve({ folders, headers = {}, answers = {}, port = 0 }: Site): Promise<Server> {
  // Without `dev`, sirv lists a folder's files once and looks paths up in that list: no path leads out of it.
  const files = Object.entries(folders).map(([prefix, url]) => ({ prefix, handle: sirv(fileURLToPath(url)) }));

  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = request.url!.split("?", 1)[0]!;
    if (Object.hasOwn(answers, path)) {
      const { status = 200, type = "text/plain", body = "" } = await answers[path]!(request);
      response.writeHead(status, { "Content-Type": type }).end(body);
      return;
    }
    const found = files.find(({ prefix }) => path.startsWith(prefix));
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    request.url = path.slice(found.prefix.length - 1);
    found.handle(request, response);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Browsers keep their connections open.
        server.closeAllConnections();
      }),
  };
}
