/**
 * Compiles the kernel's builds into build/ and writes src/kernel-bytes.ts, the same packed into text, so that
 * the host needs no file and no network. Does nothing when the sources are those of the last time.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pack } from "./pack.ts";

const root = new URL("../", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));
const builds = ["debug", "simd", "relaxed"];
const modules = [...builds.map((build) => `build/kernel.${build}.wasm`), "build/unpacker.wasm"];
const outputs = [...modules, "src/kernel-bytes.ts"];

/** A digest of all that the outputs follow from, and of the outputs themselves. */
function digest(): string {
  const sources = ["assembly/", "assembly/unpacker/"].flatMap((folder) =>
    readdirSync(path(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => folder + entry.name)
      .sort(),
  );
  const inputs = [...sources, "asconfig.json", "scripts/build-kernel.ts", "scripts/pack.ts"];
  const hash = createHash("sha256").update(createRequire(import.meta.url)("assemblyscript/package.json").version);
  for (const name of [...inputs, ...outputs])
    hash.update(name).update(existsSync(path(name)) ? readFileSync(path(name)) : "");
  return hash.digest("hex");
}

/** Compiles what the asconfig.json of a folder describes. */
async function compile(folder: string, ...options: string[]): Promise<void> {
  const compiler = path("node_modules/assemblyscript/bin/asc.js");
  await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: path(folder) });
}

/**
 * Optimizes a build that asc has only translated. asc's own optimizer takes no options: it leaves functions of more than
 * 70 nodes uninlined, among them the elementary ones (a call for each vector, up to a fifth of their time), and
 * inlines the loads and stores of incomplete vectors, which are rare and make a fifth of the module.
 */
async function optimize(build: string): Promise<void> {
  const file = path(`build/kernel.${build}.wasm`);
  const features = [
    "simd",
    "relaxed-simd",
    "bulk-memory",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
  ];
  const never = ["*/copyRow*", "*/loadPart*", "*/storePart*"];
  await promisify(execFile)(process.execPath, [
    path("node_modules/binaryen/bin/wasm-opt"),
    ...features.map((feature) => `--enable-${feature}`),
    ...never.map((name) => `--no-inline=${name}`),
    ...["-O3", "--converge", "--flexible-inline-max-function-size=200", "--strip-debug"],
    ...[file, "-o", file],
  ]);
}

/** The kernels that the package carries, as text. */
function inlined(): string {
  const [relaxed, simd] = ["relaxed", "simd"].map((build) => readFileSync(path(`build/kernel.${build}.wasm`)));
  return `// Made by scripts/build-kernel.ts; do not edit.

/** The module that unpacks, base64. */
export const unpacker = "${readFileSync(path("build/unpacker.wasm")).toString("base64")}";

/** Bytes of each build, in the order in which they are packed. */
export const sizes = { relaxed: ${relaxed!.length}, simd: ${simd!.length} };

/** The builds, packed by scripts/pack.ts. */
export const packed: string =
  "${pack(Buffer.concat([relaxed!, simd!]))}";
`;
}

const mark = path("build/sources.sha256");
if (!existsSync(mark) || readFileSync(mark, "utf8") !== digest()) {
  console.error(`compiling the kernel (${builds.join(", ")}) …`);
  rmSync(mark, { force: true });
  mkdirSync(path("build"), { recursive: true });
  await Promise.all([...builds.map((build) => compile(".", "--target", build)), compile("assembly/unpacker")]);
  await Promise.all(["simd", "relaxed"].map(optimize));
  writeFileSync(path("src/kernel-bytes.ts"), inlined());
  writeFileSync(mark, digest());
}
