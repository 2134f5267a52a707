/** Large products that let the calling thread do other things. */
import { checkFinite, checkOptions, checkSignal, checkThreads } from "./check.ts";
import { Slices } from "./driving.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { checkProduct, matmul } from "./operations.ts";
import { matrixOf, place } from "./placement.ts";
import { itemSize } from "./strided.ts";
import type { ProductRequest, Result } from "./threads/run.ts";
import { loadThreads } from "./workers.ts";

/** Options of `matmulAsync`. */
export interface MatmulAsyncOptions {
  /**
   * Workers that compute, at most; "auto": as many as there are processors. Where more than one cannot gain, fewer are
   * used. Default: none, the product is computed in slices on the calling thread.
   */
  threads?: number | "auto";
  /** Gives the product up: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds of work on the calling thread between two breaths, > 0. Default 8. */
  sliceMs?: number;
}

/** Multiplications and additions that one thread gets through in a millisecond, roughly. */
const PER_MILLISECOND = 2e7;

/**
 * `matmul` without keeping the calling thread from anything else: a (m, k) times b (k, n) is (m, n), with the bits of
 * `matmul`. The operands must not change until it settles, but may be freed.
 *
 * @returns a promise of the product; rejected like `matmul` throws, or with the signal's reason.
 */
export async function matmulAsync(a: NDArray, b: NDArray, options: MatmulAsyncOptions = {}): Promise<NDArray> {
  const who = "matmulAsync";
  checkOptions(who, options, ["threads", "signal", "sliceMs"]);
  const { threads, signal, sliceMs = 8 } = options;
  if (threads !== undefined) checkThreads(who, threads);
  if (signal !== undefined) checkSignal(who, signal);
  checkFinite(who, "sliceMs", sliceMs, 0, true);
  checkProduct(who, a, b);
  // Freed operands are refused whole, not as the stripe that is computed first.
  void [a.pointer, b.pointer];
  signal?.throwIfAborted();
  for (const { storage } of [a, b]) storage.hold();
  try {
    return await multiply(who, a, b, threads, signal, sliceMs);
  } finally {
    for (const { storage } of [a, b]) storage.letGo();
  }
}

async function multiply(
  who: string,
  a: NDArray,
  b: NDArray,
  threads: MatmulAsyncOptions["threads"],
  signal: AbortSignal | undefined,
  sliceMs: number,
): Promise<NDArray> {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const { runtime, dtype } = a;
  const { kind } = place({
    runtime,
    threads,
    parts: Math.ceil(Math.max(m, n) / STRIPE),
    estimate: (m * n * k) / PER_MILLISECOND,
    bytes: (m * k + k * n + m * n) * itemSize(dtype),
    // One product is over before workers have started, but those who multiply once multiply again.
    once: false,
  });
  // A result that was made in the call itself would belong to the caller's scope.
  await undefined;
  signal?.throwIfAborted();
  if (kind && kind.size > 1) {
    const result = await multiplyInWorkers({ kind, who, dtype, a: matrixOf(a), b: matrixOf(b), sliceMs, signal });
    if (result.type === "aborted") throw signal!.reason;
    if (result.type === "done") {
      const c = empty([m, n], dtype, who, runtime);
      c.data.set(result.result);
      return c;
    }
  }
  return inSlices(who, a, b, new Slices(sliceMs), signal);
}

async function multiplyInWorkers(request: ProductRequest): Promise<Result> {
  const threads = await loadThreads().catch((error: unknown) => ({ error }));
  if ("error" in threads) return { type: "unstarted", error: threads.error };
  request.signal?.throwIfAborted();
  return threads.multiply(request);
}

/** Rows or columns of C that are computed between two breaths: less would pack an operand too often. */
const STRIPE = 120;

async function inSlices(
  who: string,
  a: NDArray,
  b: NDArray,
  slices: Slices,
  signal: AbortSignal | undefined,
): Promise<NDArray> {
  const m = a.shape[0]!;
  const n = b.shape[1]!;
  const c = empty([m, n], a.dtype, who, a.runtime);
  try {
    const length = Math.max(m, n);
    for (let start = 0; start < length; start += STRIPE) {
      const end = Math.min(start + STRIPE, length);
      if (m >= n) matmul(a.rows(start, end), b, { out: c.rows(start, end) });
      else matmul(a, b.columns(start, end), { out: c.columns(start, end) });
      const breath = slices.next();
      if (!breath) continue;
      await breath;
      signal?.throwIfAborted();
    }
    return c;
  } catch (error) {
    c.free();
    throw error;
  }
}
