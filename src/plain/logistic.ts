/**
 * Logistic regression in one pass over X: logits, loss and gradient of a block of samples while the block is in cache.
 *
 * Parameters are one flat array, as is the gradient: [ w: n_x | b: 1 ].
 *
 * A block of X is copied to scratch, sample by sample, in double precision: so every memory order is read once, and gives
 * the same bits. Sums over the block's samples start from zero and are added to the gradient once.
 */
import { crossEntropy } from "./loss.ts";
import { after, type Pointer, scratchFor, startOf } from "./memory.ts";
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

// Four samples at a time, so that additions need not wait for the one before. Past the last sample the last one is
// computed again, and counts nothing.

/** z[j] = wᵀx^(j) + b for m packed samples. */
function logits(n_x: number, m: number, x: Float64Array, { memory: P, at: w }: Pointer, z: Float64Array): void {
  const b = P[w + n_x]!;
  for (let j = 0; j < m; j += 4) {
    const [j1, j2, j3] = [Math.min(j + 1, m - 1), Math.min(j + 2, m - 1), Math.min(j + 3, m - 1)];
    const [x0, x1, x2, x3] = [j * n_x, j1 * n_x, j2 * n_x, j3 * n_x];
    let z0 = b;
    let z1 = b;
    let z2 = b;
    let z3 = b;
    for (let k = 0; k < n_x; k++) {
      const weight = P[w + k]!;
      z0 += weight * x[x0 + k]!;
      z1 += weight * x[x1 + k]!;
      z2 += weight * x[x2 + k]!;
      z3 += weight * x[x3 + k]!;
    }
    z[j] = z0;
    z[j1] = z1;
    z[j2] = z2;
    z[j3] = z3;
  }
}

/** gradient += Σ_j dz[j]·(x^(j), 1) for m packed samples; sums: n_x + 1 numbers to work in. */
function addGradient(
  n_x: number,
  m: number,
  x: Float64Array,
  dz: Float64Array,
  sums: Float64Array,
  { memory: G, at: gradient }: Pointer,
): void {
  for (let k = 0; k <= n_x; k++) sums[k] = 0;
  for (let j = 0; j < m; j += 4) {
    const [j1, j2, j3] = [Math.min(j + 1, m - 1), Math.min(j + 2, m - 1), Math.min(j + 3, m - 1)];
    const [x0, x1, x2, x3] = [j * n_x, j1 * n_x, j2 * n_x, j3 * n_x];
    const d0 = dz[j]!;
    const d1 = j1 > j ? dz[j1]! : 0;
    const d2 = j2 > j1 ? dz[j2]! : 0;
    const d3 = j3 > j2 ? dz[j3]! : 0;
    for (let k = 0; k < n_x; k++) {
      sums[k] = sums[k]! + d0 * x[x0 + k]! + d1 * x[x1 + k]! + d2 * x[x2 + k]! + d3 * x[x3 + k]!;
    }
    sums[n_x] = sums[n_x]! + d0 + d1 + d2 + d3;
  }
  for (let k = 0; k <= n_x; k++) G[gradient + k]! += sums[k]!;
}

/**
 * Adds the gradient sums of m samples, weighted by s if there is one, to `gradient` (n_x + 1), if there is one; returns the sum of
 * their losses.
 */
export function logisticGradient(
  n_x: number,
  m: number,
  x: Pointer,
  x_rs: number,
  x_cs: number,
  y: Pointer,
  y_s: number,
  s: Pointer | undefined,
  s_s: number,
  parameters: Pointer,
  gradient: Pointer | undefined,
  scratch: Float64Array,
): number {
  const size = logisticBlock(n_x);
  const z = scratch.subarray(n_x * size);
  const sums = z.subarray(size);
  let loss = 0;
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    pack(count, n_x, after(x, start * x_cs), x_cs, x_rs, scratch);
    logits(n_x, count, scratch, parameters, z);
    loss += crossEntropy(
      count,
      startOf(z),
      1,
      after(y, start * y_s),
      y_s,
      s && after(s, start * s_s),
      s_s,
      startOf(z),
      1,
    );
    if (gradient) addGradient(n_x, count, scratch, z, sums, gradient);
  }
  return loss;
}

/** z[j] = wᵀx^(j) + b for m samples. */
export function logisticLogits(
  n_x: number,
  m: number,
  x: Pointer,
  x_rs: number,
  x_cs: number,
  parameters: Pointer,
  { memory: Z, at: z }: Pointer,
  z_s: number,
  scratch: Float64Array,
): void {
  const size = logisticBlock(n_x);
  const row = scratch.subarray(n_x * size);
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    pack(count, n_x, after(x, start * x_cs), x_cs, x_rs, scratch);
    logits(n_x, count, scratch, parameters, row);
    for (let j = 0; j < count; j++) Z[z + (start + j) * z_s] = row[j]!;
  }
}
