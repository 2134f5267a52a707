/** Kernels, modules that are none, and hosts that run them otherwise, for the tests of loading. */
import { kernelBytes } from "../src/kernel-bytes.ts";

/** The bytes of a build. */
export function bytesOf(build: "simd" | "relaxed"): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(kernelBytes[build], "base64"));
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
