import { defineConfig } from "vitest/config";

// Node 20 and 21 hide relaxed SIMD behind a flag that later versions no longer know.
const major = Number(process.versions.node.split(".")[0]);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those have configurations and commands of their own: npm run test:browser, npm run check:package.
    exclude: ["test/browser/**", "test/tarball/**"],
    pool: "forks",
    execArgv: ["--expose-gc", ...(major < 22 ? ["--experimental-wasm-relaxed-simd"] : [])],
    testTimeout: 60_000,
  },
});
