/** Where work runs: on the calling thread, in a worker, or in several over shared memory. */
import { builtin, processors, threading } from "../host.ts";
import type { Build, KernelCode } from "../kernel.ts";
import type { NDArray } from "../ndarray.ts";
import type { Runtime } from "../runtime.ts";
import { isReady } from "../threads/pool.ts";
import type { Kind, Matrix } from "../threads/run.ts";

/** Work, as far as its place depends on it. */
export interface Work {
  runtime: Runtime;
  /** Address of the workers' script, if `configure` was given one. */
  script: string | undefined;
  /** What was asked for. */
  threads: number | "auto" | undefined;
  /** Parts that threads can take at the same time. */
  parts: number;
  /** Milliseconds that one thread will take, roughly, for what threads share. */
  parallel: number;
  /** The same for what one of them does alone, such as gathering batches. */
  serial: number;
  /** Bytes to copy for workers. */
  bytes: number;
  /** Whether nothing like it will follow: then the workers' start counts too. */
  once: boolean;
}

/** Where work is to run; without a kind on the calling thread. */
export interface Placement {
  kind: Kind | undefined;
  reason: string;
}

/** Milliseconds until new workers have compiled the kernel, and until those that wait have been told. */
const START = 100;
const WAKE = 10;
/** Bytes that one thread copies in a millisecond. */
const COPIED = 3e6;

/** Who was asked for Node's workers, and whether there are some. */
let asked: unknown;
let found = false;

/** Whether there are Node's workers. Node takes as long to tell as for an epoch of few samples, so it is asked once. */
function hasNodeWorkers(): boolean {
  const ask = (globalThis as { process?: { getBuiltinModule?: unknown } }).process?.getBuiltinModule;
  if (ask !== asked) {
    asked = ask;
    found = builtin("worker_threads") !== undefined;
  }
  return found;
}

/** Whether workers save more than they cost. Where there is little to save, they still have the caller do other things. */
function pays({ parallel, serial }: Work, size: number, cost: number): boolean {
  return parallel * (1 - 1 / size) >= cost || parallel + serial >= 10 * cost;
}

/** Finds a place for work. */
export function place(work: Work): Placement {
  const { runtime, script, threads, parts, bytes, once } = work;
  if (threads === undefined) return { kind: undefined, reason: "threads were not asked for" };
  // Of the kernels that workers can have.
  const { code, build } = runtime.kernel as { code: KernelCode; build: Build };
  const host = threading(code, hasNodeWorkers());
  if (!host.workers) return { kind: undefined, reason: host.reason };
  const given = !(code instanceof Uint8Array);
  const shared = host.shared && !given;
  const wanted = threads === "auto" ? processors() : threads;
  const size = shared ? Math.min(wanted, parts) : 1;
  const limit = runtime.memory.limit;
  const kind: Kind = { code, build, shared, size, limit, url: script };
  const copying = bytes / COPIED;
  // Whether workers wait is asked only where it matters.
  if (!pays(work, size, copying + WAKE) || (once && !pays(work, size, copying + START) && !isReady(kind)))
    return { kind: undefined, reason: size > 1 ? "too small to gain from threads" : "too small for a worker" };
  if (size === wanted) return { kind, reason: threads === "auto" ? "a thread for each processor" : "as asked for" };
  if (!host.shared) return { kind, reason: host.reason };
  if (given)
    return { kind, reason: "init was given a compiled module, whose memory cannot be shared. Give it bytes" };
  if (parts === 1) return { kind, reason: "a step has too few samples to share among threads" };
  return { kind, reason: `no more than ${parts} threads can share a step` };
}

/** A matrix, or a vector as a column, for workers to read. */
export function matrixOf(array: NDArray): Matrix {
  const { runtime, dtype, shape, strides, pointer } = array;
  return {
    shape: shape.length === 1 ? [shape[0]!, 1] : shape,
    strides: strides.length === 1 ? [strides[0]!, 1] : strides,
    pointer,
    elements: () => runtime.memory[dtype],
  };
}
