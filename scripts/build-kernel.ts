/**
 * Compiles the kernel's builds into build/ and writes src/kernel-bytes.ts, the same as text, so that the
 * host needs no file and no network. Does nothing when the sources are those of the last time.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = new URL("../", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));
const builds = ["debug", "simd", "relaxed"];
const outputs = [...builds.map((build) => `build/kernel.${build}.wasm`), "src/kernel-bytes.ts"];

/** A digest of all that the outputs follow from, and of the outputs themselves. */
function digest(): string {
  const sources = readdirSync(path("assembly")).sort();
  const inputs = [...sources.map((name) => `assembly/${name}`), "asconfig.json", "scripts/build-kernel.ts"];
  const hash = createHash("sha256").update(createRequire(import.meta.url)("assemblyscript/package.json").version);
  for (const name of [...inputs, ...outputs])
    hash.update(name).update(existsSync(path(name)) ? readFileSync(path(name)) : "");
  return hash.digest("hex");
}

async function compile(build: string): Promise<void> {
  const compiler = path("node_modules/assemblyscript/bin/asc.js");
  await promisify(execFile)(process.execPath, [compiler, "--target", build], { cwd: path(".") });
}

/** The kernels that the package carries, base64. */
function inlined(): string {
  const lines = ["simd", "relaxed"].map((build) => {
    const bytes = readFileSync(path(`build/kernel.${build}.wasm`));
    return `  ${build}: "${bytes.toString("base64")}",\n`;
  });
  return `// Made by scripts/build-kernel.ts; do not edit.

/** The kernel's builds, base64. */
export const kernelBytes: Record<"simd" | "relaxed", string> = {
${lines.join("")}};
`;
}

const mark = path("build/sources.sha256");
if (!existsSync(mark) || readFileSync(mark, "utf8") !== digest()) {
  console.error(`compiling the kernel (${builds.join(", ")}) …`);
  rmSync(mark, { force: true });
  mkdirSync(path("build"), { recursive: true });
  await Promise.all(builds.map(compile));
  writeFileSync(path("src/kernel-bytes.ts"), inlined());
  writeFileSync(mark, digest());
}
