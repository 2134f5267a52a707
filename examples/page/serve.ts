/**
 * Builds and serves the page: `npm run example:page`. With `-- --no-isolation` it lacks the two headers that let
 * workers share memory, to show what happens then.
 */
import { ISOLATION, serve } from "../../scripts/static-server.ts";
import { buildPage, page } from "./build.ts";

/**
 * What a page with workers and wasm has to be allowed, and nothing else. Workers get it with their own script's
 * response.
 */
const POLICY = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
    "connect-src 'self'; img-src 'self' data:",
};

const PORT = 4174;
const SWITCH = "--no-isolation";

/** Serves the page; resolves when it can be opened. */
async function main(args: readonly string[]): Promise<void> {
  const wrong = args.find((arg) => arg !== SWITCH);
  if (wrong) throw new TypeError(`example:page: found "${wrong}"; expected nothing or "${SWITCH}".`);
  const isolated = !args.includes(SWITCH);
  await buildPage();
  const { url } = await serve({
    folders: { "/": page },
    headers: { ...POLICY, ...(isolated && ISOLATION) },
    port: PORT,
  });
  const means = isolated
    ? "cross-origin isolated: workers can share memory"
    : "not isolated: workers cannot share memory";
  console.log(`${url} (${means}). Ctrl-C ends it.`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  const remedy = `example:page: port ${PORT} is in use; expected a free one. End what listens there.`;
  console.error(taken ? remedy : (error as Error).message);
  process.exitCode = 2;
}
