/**
 * Compiles the kernel's builds into build/ and writes src/kernel-bytes.ts, the same packed into text, so that
 * the host needs no file and no network. The simd build is what the unpacker makes of the relaxed one. Does nothing
 * when the sources are those of the last time.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { renumberLocals } from "./locals.ts";
import { pack } from "./pack.ts";

const root = new URL("../", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));
const kernel = (build: string): string => `build/kernel.${build}.wasm`;
const unpacker = "build/unpacker.wasm";
const splitter = "build/splitter.wasm";
const outputs = [...["debug", "simd", "relaxed"].map(kernel), unpacker, splitter, "src/kernel-bytes.ts"];

/** A digest of all that the outputs follow from, and of the outputs themselves. */
function digest(): string {
  const sources = ["assembly/", "assembly/unpacker/", "assembly/splitter/"].flatMap((folder) =>
    readdirSync(path(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => folder + entry.name)
      .sort(),
  );
  const scripts = ["build-kernel", "locals", "matches", "pack"].map((name) => `scripts/${name}.ts`);
  const inputs = [...sources, "asconfig.json", ...scripts];
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
 * Optimizes the relaxed build, which asc has only translated. asc's own optimizer takes no options: it leaves functions of more than
 * 70 nodes uninlined, among them the elementary ones (a call for each vector, up to a fifth of their time), and
 * inlines the loads and stores of incomplete vectors, which are rare and make a fifth of the module. What is called once for
 * a row, a block or a fit stays out of line too.
 */
async function optimize(): Promise<void> {
  const file = path(kernel("relaxed"));
  const features = [
    "simd",
    "relaxed-simd",
    "bulk-memory",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
  ];
  const never = [
    ...[
      "fused*",
      "copyRow*",
      "loadPart*",
      "storePart*",
      "power",
      "extremeOfRow*",
      "groupLoss*",
      "sumGroup*",
      "logitsAlongFeatures*",
    ],
    ...["vectorOfRows*", "lineOfRows*", "twoBlocks*"],
    ...["*Scratch<*", "twoLayerBlock*", "logisticBlock*"],
  ];
  await promisify(execFile)(process.execPath, [
    path("node_modules/binaryen/bin/wasm-opt"),
    ...features.map((feature) => `--enable-${feature}`),
    ...never.map((name) => `--no-inline=*/${name}`),
    ...["-O3", "--converge", "--flexible-inline-max-function-size=200", "--strip-debug"],
    ...[file, "-o", file],
  ]);
  writeFileSync(file, renumberLocals(readFileSync(file)));
}

/** The simd build's bytes, from the relaxed build's. */
async function split(relaxed: Uint8Array): Promise<Uint8Array> {
  const { instance } = await WebAssembly.instantiate(readFileSync(path(splitter)), {});
  const { memory, split } = instance.exports as {
    memory: WebAssembly.Memory;
    split: (...args: number[]) => number;
  };
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(relaxed);
  return bytes.slice(relaxed.length, split(0, relaxed.length, relaxed.length));
}

/** The kernel that the package carries, as text. */
function inlined(relaxed: Uint8Array): string {
  const modules = [relaxed, readFileSync(path(splitter))];
  return `// Made by scripts/build-kernel.ts; do not edit.

/** The kernel in the package. One object, so that bundlers leave the text here, before the program. */
export const inlined = {
  /** The relaxed build, and the module that makes the simd build of it, packed by scripts/pack.ts. First: see scripts/bundle.ts. */
  packed:
    "${pack(Buffer.concat(modules))}",
  /** Bytes of both. */
  sizes: [${modules.map(({ length }) => length).join(", ")}],
  /** The module that unpacks, base64. */
  unpacker: "${readFileSync(path(unpacker)).toString("base64")}",
};
`;
}

const mark = path("build/sources.sha256");
if (!existsSync(mark) || readFileSync(mark, "utf8") !== digest()) {
  console.error("compiling the kernel (debug, simd, relaxed) …");
  rmSync(mark, { force: true });
  mkdirSync(path("build"), { recursive: true });
  const targets = ["debug", "relaxed"].map((target) => compile(".", "--target", target));
  await Promise.all([...targets, compile("assembly/unpacker"), compile("assembly/splitter")]);
  await optimize();
  const relaxed = readFileSync(path(kernel("relaxed")));
  writeFileSync(path(kernel("simd")), await split(relaxed));
  writeFileSync(path("src/kernel-bytes.ts"), inlined(relaxed));
  writeFileSync(mark, digest());
}
