/**
 * The inputs: the same numbers for every contender. Each is a hash of its position (the finalizer of MurmurHash3),
 * so that the Python worker can make the same ones with a few vector operations.
 */
import type { DType, WorkOf } from "./work.ts";

/** A typed array of numbers. */
export type Numbers = Float32Array | Float64Array;

/** Learning rate of every training. */
export const LEARNING_RATE = 0.1;

/** Iterations after which trainings are compared. */
export const CHECKED_ITERATIONS = 3;

/** An array of zeros. */
export function zeros(dtype: DType, count: number): Numbers {
  return dtype === "f32" ? new Float32Array(count) : new Float64Array(count);
}

/** `count` numbers evenly distributed in [low, high). */
export function uniform(dtype: DType, count: number, seed: number, low = -1, high = 1): Numbers {
  const values = zeros(dtype, count);
  const start = Math.imul(seed, 0x9e3779b9);
  for (let i = 0; i < count; i++) {
    let x = (start + i) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = low + (high - low) * ((x >>> 0) / 2 ** 32);
  }
  return values;
}

/** `count` labels, 0 or 1. */
export function labels(dtype: DType, count: number): Numbers {
  return uniform(dtype, count, 9, 0, 2).map(Math.floor);
}

/** A as it lies in memory, (m, k) or its transpose, and B, (k, n) or its transpose. */
export function gemmInputs({ dtype, m, n, k }: WorkOf<"gemm">): { a: Numbers; b: Numbers } {
  return { a: uniform(dtype, m * k, 1), b: uniform(dtype, k * n, 2) };
}

/** Arguments of an elementary function: what activations and logarithms see. */
export function mapInput({ dtype, fn, n }: WorkOf<"map">): Numbers {
  return fn === "log" ? uniform(dtype, n, 3, 0.001, 16) : uniform(dtype, n, 3, -8, 8);
}

/** X in its layout, (m, n_x) for samples in rows, (n_x, m) for columns, and Y (m). */
export function logisticInputs(work: { dtype: DType; n_x: number; m: number }): { X: Numbers; Y: Numbers } {
  return { X: uniform(work.dtype, work.n_x * work.m, 4), Y: labels(work.dtype, work.m) };
}

/** X (n_x, m), Y (m) and the start: W1 (n_1, n_x), W2 (n_1), biases 0. */
export function twoLayerInputs({ dtype, n_x, n_1, m }: WorkOf<"two-layer">): {
  X: Numbers;
  Y: Numbers;
  W1: Numbers;
  W2: Numbers;
} {
  const scale = 1 / Math.sqrt(n_x);
  return {
    X: uniform(dtype, n_x * m, 4),
    Y: labels(dtype, m),
    W1: uniform(dtype, n_1 * n_x, 5, -scale, scale),
    W2: uniform(dtype, n_1, 6, -0.1, 0.1),
  };
}

/** X (m, n_x), samples in rows in f64, and Y (m) as a line through the origin separates them. */
export function fitInputs({ n_x, m }: WorkOf<"logistic-fit">): { X: Numbers; Y: Numbers } {
  const X = uniform("f64", m * n_x, 7);
  const line = uniform("f64", n_x, 8);
  const Y = zeros("f64", m).map((_, j) => {
    let z = 0;
    for (let i = 0; i < n_x; i++) z += line[i]! * X[j * n_x + i]!;
    return Number(z > 0);
  });
  return { X, Y };
}

/** At most 257 elements of an answer, evenly spread: what contenders must agree on. */
export function sampled(values: ArrayLike<number>): number[] {
  const step = Math.max(1, Math.floor(values.length / 256));
  const picked: number[] = [];
  for (let i = 0; i < values.length; i += step) picked.push(values[i]!);
  return picked;
}
