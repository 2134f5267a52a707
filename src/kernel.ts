/** Loading the kernel, and the choice of its build. The only file that says WebAssembly. */
import type { DType, KernelFunctions } from "./abi.ts";
import {
  badKernel,
  badUrl,
  kernelUnsupported,
  relaxedUnavailable,
  synchronousCompilationRefused,
  unusableKernel,
} from "./check.ts";
import { packed, size, unpacker } from "./kernel-bytes.ts";

/** A build of the kernel: `simd` gives the same bits on every host, `relaxed` fuses multiply and add. */
export type Build = "simd" | "relaxed";

/** What a kernel is compiled from: its bytes, or the module where the host gave nothing else. */
export type KernelCode = Uint8Array<ArrayBuffer> | WebAssembly.Module;

/** One instance of the kernel with its own linear memory. */
export class Kernel {
  readonly build: Build;
  /** To make more instances of it. */
  readonly code: KernelCode;
  /** Why this build runs, for `info()`. */
  readonly reason: string;
  readonly heapBase: number;
  readonly f32: KernelFunctions;
  readonly f64: KernelFunctions;
  readonly permutation: (n: number, seed: bigint, stream: bigint, out: number) => void;
  readonly #memory: WebAssembly.Memory;

  /** Mirrors an instance's exports; throws where one is missing. Finds out which build it is unless that is known. */
  constructor({ instance, code }: Linked, reason: string, build?: Build) {
    const exports = instance.exports as Record<string, unknown>;
    const memory = exports.memory;
    const heapBase = exports.__heap_base;
    if (!(memory instanceof WebAssembly.Memory)) badKernel("memory");
    if (!(heapBase instanceof WebAssembly.Global)) badKernel("__heap_base");
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
interface Linked {
  instance: WebAssembly.Instance;
  code: KernelCode;
}

/** The exports for one dtype under their names without the suffix. */
function functionsFor(dtype: DType, exports: Record<string, unknown>): KernelFunctions {
  const own: Record<string, unknown> = {};
  for (const name in exports) if (name.endsWith(`_${dtype}`)) own[name.slice(0, -4)] = exports[name];
  return own as unknown as KernelFunctions;
}

/** What `init` accepts: the bytes of a kernel, where they are, or the compiled module. */
export type KernelSource = BufferSource | Response | URL | string | WebAssembly.Module;

// The smallest module with a relaxed madd: magic, version, one function.
const RELAXED_PROBE = "AGFzbQEAAAABBQFgAAF7AwIBAAoTAREAQQD9D0EA/Q9BAP0P/YUCCw==";

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** What a module of assembly/unpacker exports. */
interface Unpacker {
  memory: WebAssembly.Memory;
  unpack(text: number, out: number, size: number): void;
  split(module: number, size: number, out: number): number;
}

/** The bytes of a build. What is packed is the relaxed build; the simd build is made of it. */
function unpack({ exports }: WebAssembly.Instance, build: Build): Uint8Array<ArrayBuffer> {
  const { memory, unpack, split } = exports as unknown as Unpacker;
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  new TextEncoder().encodeInto(packed, bytes);
  const start = packed.length;
  const end = start + size;
  unpack(0, start, size);
  return build === "relaxed" ? bytes.slice(start, end) : bytes.slice(end, split(start, size, end));
}

function compile(code: Uint8Array<ArrayBuffer>): Linked {
  try {
    return { instance: new WebAssembly.Instance(new WebAssembly.Module(code), {}), code };
  } catch (cause) {
    return WebAssembly.validate(code) ? synchronousCompilationRefused(cause) : kernelUnsupported(cause);
  }
}

function instantiate(build: Build): Linked {
  return compile(unpack(compile(fromBase64(unpacker)).instance, build));
}

async function compileAsync(code: Uint8Array<ArrayBuffer>): Promise<Linked> {
  return { instance: (await WebAssembly.instantiate(code, {}).catch(kernelUnsupported)).instance, code };
}

async function instantiateAsync(build: Build): Promise<Linked> {
  return compileAsync(unpack((await compileAsync(fromBase64(unpacker))).instance, build));
}

/** Compiles and instantiates the kernel at once. `wanted` is what `configure` asked for, if anything. */
export function loadKernel(wanted: Build | undefined): Kernel {
  const choice = choose(wanted);
  const kernel = new Kernel(instantiate(choice.build), choice.reason, certain(choice));
  if (keepsPromise(kernel, choice, wanted)) return kernel;
  return new Kernel(instantiate("simd"), NOT_FUSED, "simd");
}

/** The same through asynchronous compilation, for hosts that refuse the synchronous one. */
export async function loadKernelAsync(wanted: Build | undefined): Promise<Kernel> {
  const choice = choose(wanted);
  const kernel = new Kernel(await instantiateAsync(choice.build), choice.reason, certain(choice));
  if (keepsPromise(kernel, choice, wanted)) return kernel;
  return new Kernel(await instantiateAsync("simd"), NOT_FUSED, "simd");
}

interface Choice {
  build: Build;
  reason: string;
}

const NOT_FUSED = "this host runs relaxed SIMD without fusing multiply and add, so it would gain nothing";
const NO_RELAXED = "this host has no relaxed SIMD";

/** The build to compile: the one asked for, else the fastest that this host accepts. */
export function choose(
  wanted: Build | undefined,
  relaxed = WebAssembly.validate(fromBase64(RELAXED_PROBE)),
): Choice {
  if (wanted === "relaxed" && !relaxed) relaxedUnavailable(NO_RELAXED);
  if (wanted) return { build: wanted, reason: "configure asked for it" };
  if (relaxed) return { build: "relaxed", reason: "this host fuses multiply and add" };
  return { build: "simd", reason: NO_RELAXED };
}

/** What this package's simd build is needs no probe; whether its relaxed build fuses, only the host can tell. */
function certain({ build }: Choice): Build | undefined {
  return build === "simd" ? build : undefined;
}

/** Whether a kernel that was compiled for its fused multiply-add has it. */
function keepsPromise(kernel: Kernel, choice: Choice, wanted: Build | undefined): boolean {
  const kept = choice.build === "simd" || kernel.build === "relaxed";
  if (!kept && wanted === "relaxed") relaxedUnavailable(NOT_FUSED);
  return kept;
}

/** A kernel from elsewhere than this package. */
export async function loadKernelFrom(source: KernelSource): Promise<Kernel> {
  const reason = "init was given this kernel";
  if (source instanceof WebAssembly.Module) return new Kernel(await link(source, source), reason);
  const bytes = await read(source);
  const head = new Uint8Array(bytes.slice(0, 4));
  if (String.fromCharCode(...head) !== "\0asm") badKernel("the magic bytes 00 61 73 6d", head);
  const module = await WebAssembly.compile(bytes).catch(unusableKernel);
  return new Kernel(await link(module, new Uint8Array(bytes)), reason);
}

async function link(module: WebAssembly.Module, code: KernelCode): Promise<Linked> {
  return { instance: await WebAssembly.instantiate(module, {}).catch(unusableKernel), code };
}

async function read(source: BufferSource | Response | URL | string): Promise<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return source;
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice().buffer as ArrayBuffer;
  }
  if (source instanceof Response) return source.arrayBuffer();
  const base = (globalThis as { location?: Location }).location?.href;
  const url = URL.canParse(source, base) ? new URL(source, base) : badUrl(source);
  if (url.protocol !== "file:") return (await fetch(url)).arrayBuffer();
  // Node's fetch knows no file: URLs. Asked for like this, the module is no concern of bundlers.
  const host = globalThis as { process?: { getBuiltinModule?(name: string): FileSystem | undefined } };
  const files = host.process?.getBuiltinModule?.("node:fs");
  if (!files) return (await fetch(url)).arrayBuffer();
  return new Uint8Array(files.readFileSync(url)).buffer;
}

interface FileSystem {
  readFileSync(url: URL): Uint8Array;
}

/**
 * Another instance of a kernel, in a worker: over `memory` if it is to be shared, else over memory of its own. The
 * code must then be that of the shared-memory twin.
 */
export async function instanceOf(code: KernelCode, build: Build, memory?: WebAssembly.Memory): Promise<Kernel> {
  const module = code instanceof WebAssembly.Module ? code : await WebAssembly.compile(code);
  const instance = await WebAssembly.instantiate(module, memory ? { env: { memory } } : {});
  return new Kernel({ instance, code }, "a worker's", build);
}

/** Linear memory that threads share. */
export type SharedMemory = WebAssembly.Memory;

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
