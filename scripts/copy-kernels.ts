/** Puts the compiled kernels and their shared-memory twins beside the bundles, for those who load the .wasm themselves. */
import { readFileSync, writeFileSync } from "node:fs";
import { sharedTwin } from "../src/shared-twin.ts";

for (const build of ["simd", "relaxed"]) {
  const kernel = readFileSync(new URL(`../build/kernel.${build}.wasm`, import.meta.url));
  const place = (name: string): URL => new URL(`../dist/kernel.${name}.wasm`, import.meta.url);
  writeFileSync(place(build), kernel);
  writeFileSync(place(`${build}.shared`), sharedTwin(kernel));
}
