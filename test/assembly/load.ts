/** The kernel's builds as compiled modules, and fresh instances of them, for tests that speak the ABI directly. */
import { readFileSync } from "node:fs";
import { plainExports } from "../../src/plain/exports.ts";

/** A raw instance: its memory and its exports by name. */
export interface Instance {
  build: string;
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase: number;
  call: Record<string, (...args: (number | bigint)[]) => number>;
}

function compile(build: string): WebAssembly.Module | undefined {
  const bytes = readFileSync(new URL(`../../build/kernel.${build}.wasm`, import.meta.url));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

/** Every build this host can run, by name; `npm test` asks Node for relaxed SIMD, so here it is all three. */
export const modules: [build: string, module: WebAssembly.Module][] = ["debug", "simd", "relaxed"].flatMap(
  (build) => {
    const module = compile(build);
    return module ? [[build, module] as [string, WebAssembly.Module]] : [];
  },
);

/** The builds by name, and the kernel in plain JavaScript: whatever has the ABI has to do what its tests say. */
export const builds: string[] = [...modules.map(([build]) => build), "plain"];

/** A fresh instance with at least `bytes` above its heap base. */
export function instantiate(build: string, bytes: number): Instance {
  const module = modules.find(([name]) => name === build)?.[1];
  const exports = module ? new WebAssembly.Instance(module, {}).exports : plainExports();
  const memory = exports.memory as Instance["memory"];
  const heapBase = (exports.__heap_base as WebAssembly.Global).value as number;
  const missing = heapBase + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return { build, memory, heapBase, call: exports as unknown as Instance["call"] };
}
