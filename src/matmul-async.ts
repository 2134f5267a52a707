/** Large products that let the calling thread do other things. */
import type { DType } from "./abi.ts";
import { checkOptions } from "./check.ts";
import { loadAsync } from "./deferred.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { checkProduct, matmul } from "./operations.ts";
import { workerScript } from "./runtime.ts";

/** Options of `matmulAsync`. */
export interface MatmulAsyncOptions {
  /**
   * Workers that compute, at most; "auto": as many as there are processors. Where more than one cannot gain, fewer are
   * used. Default: none, the product is computed in slices on the calling thread.
   */
  threads?: number | "auto" | undefined;
  /** Gives the product up: the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds of work on the calling thread between two breaths, > 0. Default 8. */
  sliceMs?: number | undefined;
}

/**
 * `matmul` without keeping the calling thread from anything else: a (m, k) times b (k, n) is (m, n), with the bits of
 * `matmul`. The operands must not change until it settles, but may be freed.
 *
 * @returns a promise of the product; rejected like `matmul` throws, or with the signal's reason.
 */
export async function matmulAsync<D extends DType>(
  a: NDArray<D>,
  b: NDArray<D>,
  options: MatmulAsyncOptions = {},
): Promise<NDArray<D>> {
  const who = "matmulAsync";
  checkOptions(who, options, ["threads", "signal", "sliceMs"]);
  const given = { ...options };
  checkProduct(who, a, b);
  // Freed operands are refused whole, not as the stripe that is computed first.
  void [a.pointer, b.pointer];
  for (const { storage } of [a, b]) storage.hold();
  try {
    const { multiply } = await loadAsync();
    const product = await multiply({ who, a, b, options: given, script: workerScript(), empty, matmul });
    return product as NDArray<D>;
  } finally {
    for (const { storage } of [a, b]) storage.letGo();
  }
}
