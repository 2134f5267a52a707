/** Seeded arrays and shuffles, from the kernel's generator: the same numbers on every host. */

import type { DType } from "./abi.ts";
import { checkCount, checkDType, checkFinite, checkOptions, checkSeed } from "./check.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { runtime } from "./runtime.ts";

/** Options of `Random.uniform`. */
export interface UniformOptions<D extends DType = DType> {
  /** Smallest value, default 0. */
  low?: number;
  /** Values stay below it (up to rounding), default 1. */
  high?: number;
  /** Default "f32". */
  dtype?: D;
}

/** Options of `Random.normal`. */
export interface NormalOptions<D extends DType = DType> {
  /** Default 0. */
  mean?: number;
  /** Standard deviation, default 1. */
  std?: number;
  /** Default "f32". */
  dtype?: D;
}

/**
 * A generator of random arrays: Philox4x32-10 of a seed. Each call takes the next stream, so the numbers
 * of a call depend on the seed and on how many calls came before, not on how much those took; and both
 * dtypes see the same numbers, rounded.
 */
export class Random {
  /** Stays, where tools shorten names. */
  static readonly name = "Random";
  readonly #seed: bigint;
  #stream = 0n;

  /** `seed`: an integer from 0 to 2^53 − 1. */
  constructor(seed: number) {
    checkSeed("Random", seed);
    this.#seed = BigInt(seed);
  }

  /** Evenly distributed numbers in [low, high). */
  uniform<D extends DType = "f32">(shape: number | readonly number[], options: UniformOptions<D> = {}): NDArray<D> {
    const who = "Random.uniform";
    checkOptions(who, options, ["low", "high", "dtype"]);
    const { low = 0, high = 1, dtype = "f32" as D } = options;
    checkFinite(who, "low", low);
    checkFinite(who, "high", high);
    return this.#fill(who, "uniform", shape, dtype, low, high);
  }

  /** Normally distributed numbers. */
  normal<D extends DType = "f32">(shape: number | readonly number[], options: NormalOptions<D> = {}): NDArray<D> {
    const who = "Random.normal";
    checkOptions(who, options, ["mean", "std", "dtype"]);
    const { mean = 0, std = 1, dtype = "f32" as D } = options;
    checkFinite(who, "mean", mean);
    checkFinite(who, "std", std, 0);
    return this.#fill(who, "normal", shape, dtype, mean, std);
  }

  /** The integers 0 … n − 1 in random order. */
  permutation(n: number): Uint32Array {
    checkCount("Random.permutation", "n", n, 0);
    const where = runtime();
    const block = where.memory.allocate(4 * n, "Random.permutation");
    where.kernel.permutation(n, this.#seed, this.#stream++, block.offset);
    const result = where.memory.u32.slice(block.offset / 4, block.offset / 4 + n);
    where.memory.release(block);
    return result;
  }

  #fill<D extends DType>(
    who: string,
    name: "uniform" | "normal",
    shape: number | readonly number[],
    dtype: D,
    a: number,
    b: number,
  ): NDArray<D> {
    checkDType(who, dtype);
    const result = empty(typeof shape === "number" ? [shape] : shape, dtype, who);
    result.runtime.kernel[dtype][name](result.size, a, b, this.#seed, this.#stream++, result.pointer);
    return result;
  }
}
