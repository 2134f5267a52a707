/**
 * The two-layer network, block by block of samples.
 *
 * Parameters are one flat array, as is the gradient, the weights first, for they alone are penalised:
 *
 *   [ W1: n_1 × n_x, rows contiguous | W2: n_1 | b1: n_1 | b2: 1 ]
 *
 * The course's six equations, for a block of samples (3.9):
 *
 *   Z1 = W1·X + b1        gemm                    dZ2 = A2 − Y                  loss
 *   A1 = g(Z1)         \  forward                 dW2 += dZ2·A1ᵀ             \
 *   Z2 = W2·A1 + b2    /                          dZ1 = W2ᵀ·dZ2 ∗ g′(Z1)      |  backward
 *   A2 = σ(Z2)            loss                    db1 += Σ dZ1, db2 += Σ dZ2  /
 *                                                 dW1 += dZ1·Xᵀ                 gemm
 *
 * Z1, A1 and dZ1 share one buffer of double precision: g′ follows from A1 alone.
 */
import { type Activation, hidden } from "./activations.ts";
import { gemm, gemmScratch } from "./gemm.ts";
import { crossEntropy } from "./loss.ts";
import { after, type Pointer, scratchFor, startOf } from "./memory.ts";

/** Samples in a block: A1 takes at most 128 KB. */
export function twoLayerBlock(n_1: number): number {
  const fit = Math.floor(16384 / Math.max(n_1, 1));
  return Math.min(Math.max(fit, 16), 512);
}

/** Bytes of scratch: A1 and Z2 of a block, and what gemm needs. */
export function twoLayerScratch(n_x: number, n_1: number): number {
  const size = twoLayerBlock(n_1);
  const products = Math.max(gemmScratch(n_1, size, n_x), gemmScratch(n_1, n_x, size));
  return scratchFor((n_1 + 1) * size) + products;
}

/** A1 = g(Z1 + b1) over Z1 (n_1, m), and Z2 = W2·A1 + b2 (m). */
function forward(
  g: Activation,
  n_1: number,
  m: number,
  { memory: P, at: W2 }: Pointer,
  a: Float64Array,
  z2: Float64Array,
): void {
  for (let j = 0; j < m; j++) z2[j] = P[W2 + 2 * n_1]!;
  for (let i = 0, p = 0; i < n_1; i++) {
    const w = P[W2 + i]!;
    const b = P[W2 + n_1 + i]!;
    for (let j = 0; j < m; j++, p++) {
      const activation = g.of(a[p]! + b);
      a[p] = activation;
      z2[j]! += w * activation;
    }
  }
}

/** dZ1 = W2ᵀ·dZ2 ∗ g′(Z1) over A1 (n_1, m); adds to [ dW2 | db1 | db2 ]. */
function backward(
  g: Activation,
  n_1: number,
  m: number,
  { memory: P, at: W2 }: Pointer,
  a: Float64Array,
  dz2: Float64Array,
  { memory: G, at: dW2 }: Pointer,
): void {
  for (let i = 0, p = 0; i < n_1; i++) {
    const w = P[W2 + i]!;
    let weightSum = 0;
    let biasSum = 0;
    for (let j = 0; j < m; j++, p++) {
      const d = dz2[j]!;
      const activation = a[p]!;
      weightSum += d * activation;
      const dz1 = w * d * g.slope(activation);
      biasSum += dz1;
      a[p] = dz1;
    }
    G[dW2 + i]! += weightSum;
    G[dW2 + n_1 + i]! += biasSum;
  }
  let outputSum = 0;
  for (let j = 0; j < m; j++) outputSum += dz2[j]!;
  G[dW2 + 2 * n_1]! += outputSum;
}

/**
 * Adds the gradient sums of m samples, weighted by s if there is one, to `gradient`, if there is one; returns the sum of their
 * losses.
 */
export function twoLayerGradient(
  n_x: number,
  n_1: number,
  m: number,
  x: Pointer,
  x_rs: number,
  x_cs: number,
  y: Pointer,
  y_s: number,
  s: Pointer | undefined,
  s_s: number,
  parameters: Pointer,
  activation: number,
  gradient: Pointer | undefined,
  scratch: Float64Array,
): number {
  const size = twoLayerBlock(n_1);
  const g = hidden[activation]!;
  const a = startOf(scratch);
  const z2 = scratch.subarray(n_1 * size);
  const spare = z2.subarray(size);
  const W2 = after(parameters, n_1 * n_x);
  let loss = 0;
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    const block = after(x, start * x_cs);
    gemm(n_1, count, n_x, parameters, n_x, 1, block, x_rs, x_cs, 1, 0, a, count, 1, spare);
    forward(g, n_1, count, W2, scratch, z2);
    loss += crossEntropy(
      count,
      startOf(z2),
      1,
      after(y, start * y_s),
      y_s,
      s && after(s, start * s_s),
      s_s,
      startOf(z2),
      1,
    );
    if (!gradient) continue;
    backward(g, n_1, count, W2, scratch, z2, after(gradient, n_1 * n_x));
    gemm(n_1, n_x, count, a, count, 1, block, x_cs, x_rs, 1, 1, gradient, n_x, 1, spare);
  }
  return loss;
}

/** z[j] = Z2 for m samples. */
export function twoLayerLogits(
  n_x: number,
  n_1: number,
  m: number,
  x: Pointer,
  x_rs: number,
  x_cs: number,
  parameters: Pointer,
  activation: number,
  { memory: Z, at: z }: Pointer,
  z_s: number,
  scratch: Float64Array,
): void {
  const size = twoLayerBlock(n_1);
  const a = startOf(scratch);
  const z2 = scratch.subarray(n_1 * size);
  const spare = z2.subarray(size);
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    const block = after(x, start * x_cs);
    gemm(n_1, count, n_x, parameters, n_x, 1, block, x_rs, x_cs, 1, 0, a, count, 1, spare);
    forward(hidden[activation]!, n_1, count, after(parameters, n_1 * n_x), scratch, z2);
    for (let j = 0; j < count; j++) Z[z + (start + j) * z_s] = z2[j]!;
  }
}
