/** An instance of the kernel and its memory, as the rest of the host sees them. */
import type { DType, KernelFunctions } from "./abi.ts";
import { badKernel } from "./check.ts";

/** A build of the wasm kernel: `simd` gives the same bits on every host, `relaxed` fuses multiply and add. */
export type Build = "simd" | "relaxed";

/** What a kernel is: a build, or `js`, the same functions in plain JavaScript, whose bits are the same on every host too. */
export type KernelKind = Build | "js";

/** What a kernel is compiled from: its bytes, or the module where the host gave nothing else. */
export type KernelCode = Uint8Array<ArrayBuffer> | WebAssembly.Module;

/** One instance of the kernel with its own linear memory. */
export class Kernel {
  readonly build: KernelKind;
  /** To make more instances of it; undefined for `js`. */
  readonly code: KernelCode | undefined;
  /** Why this build runs, for `info()`. */
  readonly reason: string;
  readonly heapBase: number;
  readonly f32: KernelFunctions;
  readonly f64: KernelFunctions;
  readonly permutation: (n: number, seed: bigint, stream: bigint, out: number) => void;
  readonly #memory: Linear;

  /** Mirrors an instance's exports; throws where one is missing. Finds out which build it is unless that is known. */
  constructor({ instance, code }: Linked, reason: string, build?: KernelKind) {
    const exports = instance.exports as Record<string, unknown>;
    // By what they can do: some hosts have no classes of WebAssembly to ask for.
    const memory = exports.memory as Linear | undefined;
    const heapBase = exports.__heap_base as { value: unknown } | undefined;
    if (!memory?.buffer) badKernel("memory");
    if (heapBase?.value === undefined) badKernel("__heap_base");
    if (!exports.gemm_f32) badKernel("gemm_f32");
    this.#memory = memory;
    this.code = code;
    this.heapBase = Number(heapBase.value);
    this.f32 = functionsFor("f32", exports);
    this.f64 = functionsFor("f64", exports);
    this.permutation = exports.permutation as Kernel["permutation"];
    this.build = build ?? (this.#fuses() ? "relaxed" : "simd");
    this.reason = reason;
  }

  /** The linear memory as it is now; growing it detaches this buffer. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer as ArrayBuffer;
  }

  /** Adds pages of 64 KB; false where the host refuses. */
  grow(pages: number): boolean {
    try {
      this.#memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Whether madd rounds once: −1·1 + x·x for x = 1 + 2^−12 keeps the last bit, 2^−24, only then. Some
   * hosts accept relaxed SIMD and still round twice. Uses a few bytes at the heap's base.
   */
  #fuses(): boolean {
    const x = 1 + 2 ** -12;
    const values = new Float32Array(this.buffer, this.heapBase, 8);
    values.set([-1, x, 1, x]);
    const a = this.heapBase;
    const size = Float32Array.BYTES_PER_ELEMENT;
    this.f32.gemm(1, 1, 2, a, 2, 1, a + 2 * size, 1, 1, 1, 0, a + 4 * size, 1, 1, a + 8 * size);
    const fused = values[4] !== 2 ** -11;
    values.fill(0);
    return fused;
  }
}

/** An instance and what it was made of. */
export interface Linked {
  instance: { exports: object };
  code: KernelCode | undefined;
}

/** What is used of WebAssembly.Memory. */
interface Linear {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** The exports for one dtype under their names without the suffix. */
function functionsFor(dtype: DType, exports: Record<string, unknown>): KernelFunctions {
  const own: Record<string, unknown> = {};
  for (const name in exports) if (name.endsWith(`_${dtype}`)) own[name.slice(0, -4)] = exports[name];
  return own as unknown as KernelFunctions;
}

/** What `init` accepts: the bytes of a kernel, where they are, or the compiled module. */
export type KernelSource = BufferSource | Response | URL | string | WebAssembly.Module;

/**
 * Another instance of a kernel: over `memory` if it is to be shared, else over memory of its own. The
 * code must then be that of the shared-memory twin.
 */
export async function instanceOf(
  code: KernelCode,
  build: KernelKind,
  reason: string,
  memory?: WebAssembly.Memory,
): Promise<Kernel> {
  const module = code instanceof WebAssembly.Module ? code : await WebAssembly.compile(code);
  const instance = await WebAssembly.instantiate(module, memory ? { env: { memory } } : {});
  return new Kernel({ instance, code }, reason, build);
}

/** Linear memory that threads share. */
export type SharedMemory = WebAssembly.Memory;

/** A module for others to have, or its bytes where the host compiles nothing of their size at once. */
export function moduleOf(bytes: Uint8Array<ArrayBuffer>): KernelCode {
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return bytes;
  }
}

/** Linear memory that threads can share, which may grow to `limit` bytes, or less where the host has not so much. */
export function sharedMemory(limit: number): SharedMemory | undefined {
  for (let maximum = Math.floor(limit / 65536); maximum >= 16; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: Math.min(16, maximum), maximum, shared: true });
    } catch {
      // Hosts reserve the addresses of the whole maximum at once; some have few.
    }
  }
  return undefined;
}
