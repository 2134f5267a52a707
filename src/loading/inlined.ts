/**
 * Loads the kernel that index.js carries, and chooses its build. The other files of this folder export the same functions:
 * scripts/bundle.ts puts one of them in this one's place.
 */
import { kernelUnsupported, relaxedUnavailable, synchronousCompilationRefused } from "../check.ts";
import { type Build, Kernel, type Linked } from "../kernel.ts";
import { inlined } from "../kernel-bytes.ts";

/** Whether this is the way to the kernel in plain JavaScript. */
export const plain = false;

type Bytes = Uint8Array<ArrayBuffer>;

// The smallest module with a relaxed madd: magic, version, one function.
const RELAXED_PROBE = "AGFzbQEAAAABBQFgAAF7AwIBAAoTAREAQQD9D0EA/Q9BAP0P/YUCCw==";

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** What the modules of assembly/unpacker and assembly/splitter export. */
interface Tools {
  memory: WebAssembly.Memory;
  unpack(text: number, out: number, size: number): void;
  split(module: number, size: number, out: number): number;
}

/** The bytes of the relaxed build, and of the module that makes the simd build of it. */
function unpack({ exports }: Linked["instance"]): [relaxed: Bytes, splitter: Bytes] {
  const { packed, sizes } = inlined;
  const { memory, unpack } = exports as unknown as Tools;
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  new TextEncoder().encodeInto(packed, bytes);
  const start = packed.length;
  const [middle, end] = [start + sizes[0]!, start + sizes[0]! + sizes[1]!];
  unpack(0, start, end - start);
  return [bytes.slice(start, middle), bytes.slice(middle, end)];
}

/** The bytes of the simd build. */
function split({ exports }: Linked["instance"], relaxed: Bytes): Bytes {
  const { memory, split } = exports as unknown as Tools;
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  bytes.set(relaxed);
  const { length } = relaxed;
  return bytes.slice(length, split(0, length, length));
}

/** Yields the modules to compile, one after the other, until there is a kernel. */
function* load(wanted: Build | undefined): Generator<Bytes, Kernel, Linked> {
  const { build, reason } = choose(wanted);
  const [relaxed, splitter] = unpack((yield fromBase64(inlined.unpacker)).instance);
  if (build === "relaxed") {
    const kernel = new Kernel(yield relaxed, reason);
    // Whether what was compiled for its fused multiply-add has it, only the host can tell.
    if (kernel.build === build) return kernel;
    if (wanted) relaxedUnavailable(NOT_FUSED);
  }
  return new Kernel(yield split((yield splitter).instance, relaxed), build === "simd" ? reason : NOT_FUSED, "simd");
}

/** Compiles and instantiates the kernel at once. `wanted` is what `configure` asked for, if anything. */
export function loadKernel(wanted: Build | undefined): Kernel {
  const steps = load(wanted);
  let step = steps.next();
  while (!step.done) step = steps.next(compiled(step.value));
  return step.value;
}

function compiled(code: Bytes): Linked {
  try {
    return { instance: new WebAssembly.Instance(new WebAssembly.Module(code), {}), code };
  } catch (cause) {
    return WebAssembly.validate(code) ? synchronousCompilationRefused(cause) : kernelUnsupported(cause);
  }
}

/** The same through asynchronous compilation, for hosts that refuse the synchronous one. */
export async function loadKernelAsync(wanted: Build | undefined): Promise<Kernel> {
  const steps = load(wanted);
  let step = steps.next();
  while (!step.done) {
    const code = step.value;
    const { instance } = await WebAssembly.instantiate(code, {}).catch(kernelUnsupported);
    step = steps.next({ instance, code });
  }
  return step.value;
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
