/** Writes src/kernel-bytes.ts: the compiled kernels as text, so that the host needs no file and no network. */
import { readFileSync, writeFileSync } from "node:fs";

const kernels = ["simd", "relaxed"].map((build) => {
  const bytes = readFileSync(new URL(`../build/kernel.${build}.wasm`, import.meta.url));
  return `  ${build}: "${bytes.toString("base64")}",\n`;
});
const text = `// Made by scripts/inline-kernel.ts from build/; do not edit.

/** The kernel's builds, base64. */
export const kernelBytes: Record<"simd" | "relaxed", string> = {
${kernels.join("")}};
`;
writeFileSync(new URL("../src/kernel-bytes.ts", import.meta.url), text);
