/**
 * Puts the compiled kernels and their shared-memory twins beside the bundles, for those who load the .wasm themselves,
 * and says what an import of one is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { sharedTwin } from "../src/shared-twin.ts";

const place = (name: string): URL => new URL(`../dist/kernel.${name}`, import.meta.url);

for (const build of ["simd", "relaxed"]) {
  const kernel = readFileSync(new URL(`../build/kernel.${build}.wasm`, import.meta.url));
  writeFileSync(place(`${build}.wasm`), kernel);
  writeFileSync(place(`${build}.shared.wasm`), sharedTwin(kernel));
}
writeFileSync(
  place("wasm.d.ts"),
  `/** A kernel, where a host or bundler makes a compiled module of an imported .wasm file; \`init\` takes it. */
declare const kernel: WebAssembly.Module;
export default kernel;
`,
);
