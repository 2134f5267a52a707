/** What the browser tests serve: the built package under /dist/, their pages under /pages/. */
import { type Answer, ISOLATION, type Server, serve } from "../../scripts/static-server.ts";

/** What a strict site allows: its own scripts and workers, and WebAssembly. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** How a site differs from the usual one. */
export interface SiteOptions {
  /** Whether its pages are cross-origin isolated; they are unless told. */
  isolated?: boolean;
  /** Its Content-Security-Policy, `STRICT` unless told; an empty text means none. */
  policy?: string;
  /** Paths that answer something else: `{ "/dist/worker.js": { status: 404 } }`. */
  answers?: Record<string, Answer>;
}

// Where the policy allows images, browsers ask for it unasked and report its absence.
const ICON = { "/favicon.ico": { status: 204 } };

/** Serves the built package and the test pages. */
export function serveSite({ isolated = true, policy = STRICT, answers = {} }: SiteOptions = {}): Promise<Server> {
  return serve({
    folders: { "/dist/": new URL("../../dist/", import.meta.url), "/pages/": new URL("pages/", import.meta.url) },
    headers: { ...(isolated && ISOLATION), ...(policy && { "Content-Security-Policy": policy }) },
    answers: Object.fromEntries(
      Object.entries({ ...ICON, ...answers }).map(([path, answer]) => [path, () => answer]),
    ),
  });
}
