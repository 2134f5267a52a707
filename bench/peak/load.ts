/** Compiles bench/peak/assembly and makes its functions ready to be timed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { DType } from "../work.ts";

/** The machine's limits in one build's instructions; each function returns one that does the work once. */
export interface Limits {
  build: "simd" | "relaxed";
  /** At least `flops` multiplications and additions between registers. */
  peak(dtype: DType, flops: number): () => unknown;
  /** Reads `bytes` bytes of its own memory. */
  read(bytes: number): () => unknown;
  /** Copies `bytes` bytes of its own memory. */
  copy(bytes: number): () => unknown;
}

interface Exports {
  memory: WebAssembly.Memory;
  __heap_base: WebAssembly.Global;
  chains_f32(count: number): number;
  chains_f64(count: number): number;
  products_f32(count: number): number;
  products_f64(count: number): number;
  read(p: number, n: number): number;
  copy(q: number, p: number, n: number): void;
}

/** Loops of multiply-adds with the vectors of each of their counts. */
const LOOPS = { chains: 48, products: 10 } as const;

/** The loops: which is the fastest, is for the processor to say. */
export const PRODUCTS = ["chains", "products"] as const;

/** The count of a loop that makes so many multiplications and additions. */
export function countOf(loop: keyof typeof LOOPS, dtype: DType, flops: number): number {
  const vectors = flops / (2 * (dtype === "f32" ? 4 : 2));
  return Math.max(1, Math.round(vectors / LOOPS[loop]));
}

const FEATURES = { simd: ["simd"], relaxed: ["simd", "relaxed-simd"] } as const;

/** Functions that read a stretch of memory: which is the fastest, is for the processor to say. */
export const READS = ["read", "read_runs"] as const;

/** The module of a build, compiled when the source is newer. The working directory has no asconfig.json. */
export function moduleOf(build: keyof typeof FEATURES): Uint8Array<ArrayBuffer> {
  const folder = fileURLToPath(new URL("assembly/", import.meta.url));
  const output = fileURLToPath(new URL(`../../build/peak.${build}.wasm`, import.meta.url));
  if (!existsSync(output) || statSync(output).mtimeMs < statSync(`${folder}index.ts`).mtimeMs) {
    mkdirSync(new URL("../../build/", import.meta.url), { recursive: true });
    const asc = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
    const features = FEATURES[build].flatMap((feature) => ["--enable", feature]);
    const options = [
      "--runtime",
      "stub",
      "--exportRuntime",
      "--optimizeLevel",
      "3",
      "--noAssert",
      "--use",
      "abort=",
    ];
    const args = [asc, "index.ts", "--outFile", output, ...options, ...features];
    execFileSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  }
  return new Uint8Array(readFileSync(output));
}

/** The limits in the instructions of every build that this host runs. */
export async function limits(): Promise<Limits[]> {
  const builds = (["simd", "relaxed"] as const).filter((build) => WebAssembly.validate(moduleOf(build)));
  return Promise.all(builds.map(load));
}

async function load(build: keyof typeof FEATURES): Promise<Limits> {
  const module = await WebAssembly.compile(moduleOf(build));
  const instance = () => new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  const arithmetic = instance();
  return {
    build,
    peak(dtype, flops) {
      const runs = PRODUCTS.map((loop) => {
        const count = countOf(loop, dtype, flops);
        const run = arithmetic[`${loop}_${dtype}`];
        return () => run(count);
      });
      return fastest(runs);
    },
    read(bytes) {
      const { memory, read } = instance();
      const size = Math.ceil(bytes / 128) * 128;
      const start = grow(memory, size);
      return () => read(start, size);
    },
    copy(bytes) {
      const { memory, copy } = instance();
      const start = grow(memory, 2 * bytes);
      return () => copy(start + bytes, start, bytes);
    },
  };
}

/** The run whose best time is the best: which loop suits a processor better is for it to say. */
function fastest(runs: (() => unknown)[]): () => unknown {
  const times = runs.map((run) => {
    let best = Number.POSITIVE_INFINITY;
    const end = performance.now() + 40;
    for (let start = performance.now(); start < end; start = performance.now()) {
      run();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  });
  return runs[times.indexOf(Math.min(...times))]!;
}

/** Address of `bytes` new bytes, every page of which has been written, so that they are really there. */
function grow(memory: WebAssembly.Memory, bytes: number): number {
  const start = memory.grow(Math.ceil(bytes / 65536)) * 65536;
  new Uint8Array(memory.buffer, start).fill(1);
  return start;
}
