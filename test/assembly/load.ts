/** The kernel's builds as compiled modules, and fresh instances of them, for tests that speak the ABI directly. */
import { readFileSync } from "node:fs";

/** A raw instance: its memory and its exports by name. */
export interface Instance {
  build: string;
  memory: WebAssembly.Memory;
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

/** A fresh instance with at least `bytes` above its heap base. */
export function instantiate(build: string, bytes: number): Instance {
  const module = modules.find(([name]) => name === build)![1];
  const { exports } = new WebAssembly.Instance(module, {});
  const memory = exports.memory as WebAssembly.Memory;
  const heapBase = (exports.__heap_base as WebAssembly.Global).value as number;
  const missing = heapBase + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return { build, memory, heapBase, call: exports as unknown as Instance["call"] };
}
