/** Kernels, modules that are none, and hosts that run them otherwise, for the tests of loading. */
import { readFileSync } from "node:fs";

/** The bytes of a build, as the compiler wrote them. */
export function bytesOf(build: "simd" | "relaxed"): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../build/kernel.${build}.wasm`, import.meta.url)));
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const MEMORY = [5, 3, 1, 0, 1];
const GLOBAL = [6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b];

function named(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

function section(id: number, ...content: number[]): number[] {
  return [id, content.length, ...content];
}

/** Valid modules that are not kernels, by what is wrong with them. */
export const strangers = {
  empty: Uint8Array.from(HEADER),
  memoryOnly: Uint8Array.from([...HEADER, ...MEMORY, ...section(7, 1, ...named("memory"), 2, 0)]),
  noFunctions: Uint8Array.from([
    ...HEADER,
    ...MEMORY,
    ...GLOBAL,
    ...section(7, 2, ...named("memory"), 2, 0, ...named("__heap_base"), 3, 0),
  ]),
  withImports: Uint8Array.from([
    ...HEADER,
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...named("env"), ...named("abort"), 0, 0),
  ]),
};

/** The host's WebAssembly with some parts of it replaced. */
export function hostWith(parts: Record<string, unknown>): object {
  return Object.assign(Object.create(WebAssembly), parts);
}

/** A host that compiles nothing synchronously, as pages do for modules over 4 KB. */
export function withoutSynchronousCompilation(): object {
  const Module = class {
    constructor() {
      throw new WebAssembly.CompileError("refused: the buffer is larger than 4 KB");
    }
  };
  return hostWith({ Module });
}

/** A host without relaxed SIMD. */
export function withoutRelaxed(): object {
  const relaxed = bytesOf("relaxed").length;
  return hostWith({
    validate: (bytes: Uint8Array<ArrayBuffer>) =>
      bytes.length >= 1000 && bytes.length !== relaxed && WebAssembly.validate(bytes),
  });
}

/** A host that runs its modules as they are given, except that the relaxed kernel does what the simd kernel does. */
export function withoutFusing(): object {
  const relaxed = bytesOf("relaxed").length;
  return compiling((bytes) => (bytes.length === relaxed ? bytesOf("simd") : bytes));
}

/** A host that keeps a copy of each module that it compiles. */
export function recording(): { host: object; modules: Uint8Array[] } {
  const modules: Uint8Array[] = [];
  const host = compiling((bytes) => {
    modules.push(bytes.slice());
    return bytes;
  });
  return { host, modules };
}

type Bytes = Uint8Array<ArrayBuffer>;

function compiling(replaced: (bytes: Bytes) => Bytes): object {
  const { Module, instantiate } = WebAssembly;
  return hostWith({
    Module: class extends Module {
      constructor(bytes: Bytes) {
        super(replaced(bytes));
      }
    },
    instantiate: (bytes: Bytes, imports: WebAssembly.Imports) => instantiate(replaced(bytes), imports),
  });
}

/** A host without any SIMD: it knows only modules without vectors. */
export function withoutSimd(): object {
  const refuse = (): never => {
    throw new WebAssembly.CompileError("invalid value type v128");
  };
  const Module = class {
    constructor() {
      refuse();
    }
  };
  return hostWith({
    validate: () => false,
    Module,
    instantiate: async () => refuse(),
    compile: async () => refuse(),
  });
}
