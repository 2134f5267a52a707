/**
 * Softmax regression, block by block of samples.
 *
 * Parameters are one flat array, as is the gradient: [ W: n_k × n_x, rows contiguous | b: n_k ].
 *
 *   Z = W·X + b                                                         gemm
 *   loss = s·(log Σ e^z − z_y), dZ = s·(e^z/Σ e^z − [class is y])         sample by sample
 *   dW += dZ·Xᵀ, db += Σ dZ                                             gemm, sums of rows
 *
 * Z and dZ share one buffer of double precision.
 */
import { gemm, gemmScratch } from "./gemm.ts";
import { exp, log1p } from "./math.ts";
import { after, type Pointer, scratchFor, startOf } from "./memory.ts";
import { twoLayerBlock } from "./two-layer.ts";

/** Samples in a block: those of a network with a hidden unit for each class. */
export function softmaxBlock(n_k: number): number {
  return twoLayerBlock(n_k);
}

/** Bytes of scratch: Z of a block, and what gemm needs. */
export function softmaxScratch(n_x: number, n_k: number): number {
  const size = softmaxBlock(n_k);
  return scratchFor(n_k * size) + Math.max(gemmScratch(n_k, size, n_x), gemmScratch(n_k, n_x, size));
}

/**
 * The loss of one sample, whose logits without bias are column j of z (n_k, m) and become dz.
 *
 * With z the largest logit, the sum is 1 + q, q >= 0 what the others add: however small q is, log(1 + q) is exact.
 */
function lossOfSample(
  n_k: number,
  m: number,
  j: number,
  { memory: P, at: b }: Pointer,
  label: number,
  weight: number,
  z: Float64Array,
): number {
  let largest = -Infinity;
  for (let i = 0, p = j; i < n_k; i++, p += m) {
    const logit = z[p]! + P[b + i]!;
    z[p] = logit;
    if (logit > largest) largest = logit;
  }
  const own = z[label * m + j]!;
  let q = -1;
  let rest = 0;
  for (let i = 0, p = j; i < n_k; i++, p += m) {
    const e = exp(z[p]! - largest);
    if (e === 1) q += 1;
    else rest += e;
    z[p] = e;
  }
  q += rest;
  for (let i = 0, p = j; i < n_k; i++, p += m) z[p] = weight * (z[p]! / (q + 1) - (i === label ? 1 : 0));
  return weight * (largest - own + log1p(q));
}

/** Adds the gradient sums of m samples to `gradient`, if there is one, and returns the sum of their losses. */
export function softmaxGradient(
  n_x: number,
  n_k: number,
  m: number,
  x: Pointer,
  x_rs: number,
  x_cs: number,
  { memory: Y, at: y }: Pointer,
  y_s: number,
  s: Pointer | undefined,
  s_s: number,
  parameters: Pointer,
  gradient: Pointer | undefined,
  scratch: Float64Array,
): number {
  const size = softmaxBlock(n_k);
  const z = startOf(scratch);
  const spare = scratch.subarray(n_k * size);
  const b = after(parameters, n_k * n_x);
  let loss = 0;
  for (let start = 0; start < m; start += size) {
    const count = Math.min(m - start, size);
    const block = after(x, start * x_cs);
    gemm(n_k, count, n_x, parameters, n_x, 1, block, x_rs, x_cs, 1, 0, z, count, 1, spare);
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const weight = s ? s.memory[s.at + (start + j) * s_s]! : 1;
      sum += lossOfSample(n_k, count, j, b, Y[y + (start + j) * y_s]!, weight, scratch);
    }
    loss += sum;
    if (!gradient) continue;
    gemm(n_k, n_x, count, z, count, 1, block, x_cs, x_rs, 1, 1, gradient, n_x, 1, spare);
    for (let i = 0, p = 0; i < n_k; i++) {
      let biasSum = 0;
      for (let j = 0; j < count; j++, p++) biasSum += scratch[p]!;
      gradient.memory[gradient.at + n_k * n_x + i]! += biasSum;
    }
  }
  return loss;
}
