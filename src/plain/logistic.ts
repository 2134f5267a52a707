/**
 * Logistic regression in one pass over X: logits, loss and gradient of a block of samples while the block is in cache.
 *
 * Parameters are one flat array, as is the gradient: [ w: n_x | b: 1 ].
 *
 * A block of X is copied to scratch, sample by sample, in double precision: so every memory order is read once, and gives
 * the same bits. Sums over the block's samples start from zero and are added to the gradient once.
 */
import { crossEntropy } from "./loss.ts";
import { type Numbers, scratchFor } from "./memory.ts";
import { pack } from "./pack.ts";

/** Samples in a block: what of X they bring stays in the first or second cache. */
export function logisticBlock(n_x: number): number {
  const fit = Math.floor(8192 / Math.max(n_x, 1));
  return Math.min(Math.max(fit, 16), 256);
}

/** Bytes of scratch: a block of X, its logits, and the sums over it. */
export function logisticScratch(n_x: number): number {
  return scratchFor((n_x + 1) * (logisticBlock(n_x) + 1));
}

/** z[j] = wᵀx^(j) + b for m packed samples. */
function logits(n_x: number, m: number, x: Float64Array, parameters: Numbers, z: Float64Array): void {
  for (let j = 0, p = 0; j < m; j++) {
    let sum = parameters[n_x]!;
    for (let k = 0; k < n_x; k++, p++) sum += parameters[k]! * x[p]!;
    z[j] = sum;
  }
}

/** gradient += Σ_j dz[j]·(x^(j), 1) for m packed samples; sums: n_x + 1 numbers to work in. */
function addGradient(
  n_x: number,
  m: number,
  x: Float64Array,
  dz: Float64Array,
  sums: Float64Array,
  gradient: Numbers,
): void {
  for (let k = 0; k <= n_x; k++) sums[k] = 0;
  for (let j = 0, p = 0; j < m; j++) {
    const d = dz[j]!;
    for (let k = 0; k < n_x; k++, p++) sums[k]! += d * x[p]!;
    sums[n_x]! += d;
  }
  for (let k = 0; k <= n_x; k++) gradient[k]! += sums[k]!;
}

/** Adds the gradient sums of m samples, weighted by s if there is one, to `gradient` (n_x + 1); returns that of their losses. */
export function logisticGradient(
  n_x: number,
  m: number,
  x: Numbers,
  x_rs: number,
  x_cs: number,
  y: Numbers,
  y_s: number,
  s: Numbers | undefined,
  s_s: number,
  parameters: Numbers,
  gradient: Numbers,
  scratch: Float64Array,
): number {
  const size = logisticBlock(n_x);
  const z = scratch.subarray(n_x * size);
  const sums = z.subarray(size);
  let loss = 0;
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    pack(count, n_x, x, start * x_cs, x_cs, x_rs, scratch);
    logits(n_x, count, scratch, parameters, z);
    loss += crossEntropy(count, z, 1, y.subarray(start * y_s), y_s, s?.subarray(start * s_s), s_s, z, 1);
    addGradient(n_x, count, scratch, z, sums, gradient);
  }
  return loss;
}

/** z[j] = wᵀx^(j) + b for m samples. */
export function logisticLogits(
  n_x: number,
  m: number,
  x: Numbers,
  x_rs: number,
  x_cs: number,
  parameters: Numbers,
  z: Numbers,
  z_s: number,
  scratch: Float64Array,
): void {
  const size = logisticBlock(n_x);
  const row = scratch.subarray(n_x * size);
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    pack(count, n_x, x, start * x_cs, x_cs, x_rs, scratch);
    logits(n_x, count, scratch, parameters, row);
    for (let j = 0; j < count; j++) z[(start + j) * z_s] = row[j]!;
  }
}
