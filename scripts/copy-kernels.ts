/** Puts the compiled kernels beside the compiled host, for those who load the .wasm themselves. */
import { copyFileSync } from "node:fs";

for (const build of ["simd", "relaxed"]) {
  const name = `kernel.${build}.wasm`;
  copyFileSync(new URL(`../build/${name}`, import.meta.url), new URL(`../dist/${name}`, import.meta.url));
}
