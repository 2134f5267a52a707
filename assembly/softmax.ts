/**
 * Softmax regression, block by block of samples, so that the logits never leave the cache.
 *
 * Parameters are one flat array, as is the gradient: [ W: n_k × n_x, rows contiguous | b: n_k ].
 *
 *   Z = W·X + b          gemm
 *   loss = s·(log Σ e^z − z_y), dZ = s·(e^z/Σ e^z − [class is y])   one sweep over the samples, vectors along them
 *   dW += dZ·Xᵀ, db += Σ dZ                                   gemm, sums of rows
 *
 * Z and dZ share one buffer.
 */
import { gemm, gemmScratch } from "./gemm";
import { addSum } from "./logistic";
import { logOf1Plus } from "./loss";
import { exp, one } from "./math";
import { twoLayerBlock } from "./two-layer";
import { at, bytes, lanes, loadPart, loadSplat, maskPart, splat, sumLanes } from "./vec";

/** Samples in a block, a multiple of 16: those of a network with a hidden unit for each class. */
export function softmaxBlock<T extends number>(n_k: i32): i32 {
  return twoLayerBlock<T>(n_k);
}

/** Bytes of scratch: Z of a block, and what gemm needs. */
export function softmaxScratch<T extends number>(n_x: i32, n_k: i32): usize {
  const size = softmaxBlock<T>(n_k);
  return bytes<T>(n_k * size) + max(gemmScratch<T>(n_k, size, n_x), gemmScratch<T>(n_k, n_x, size));
}

/**
 * Σ s·losses of m samples, their logits without bias in rows of `size` elements, which become dZ. Whole vectors run past
 * the last sample, whose places may hold anything.
 *
 * With z the largest logit, the sum is 1 + q, q >= 0 what the others add: however small q is, log(1 + q) is exact.
 */
function lossOfBlock<T extends number>(
  n_k: i32,
  m: i32,
  size: i32,
  b: usize,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  z: usize,
): f64 {
  const L = lanes<T>();
  const zero = splat<T>(0);
  const row = bytes<T>(size);
  const end = z + row * <usize>n_k;
  let total: f64 = 0;
  for (let j = 0; j < m; j += L, z += 16) {
    const count = min(m - j, L);
    const ys = loadPart<T>(at<T>(y, j * y_s), bytes<T>(y_s), count);
    const weights = s ? loadPart<T>(at<T>(s, j * s_s), bytes<T>(s_s), count) : one<T>();
    let largest = splat<T>(-Infinity);
    let own = zero;
    let bias = b;
    let label = zero;
    for (let p = z; p < end; p += row, bias += bytes<T>(1), label = v128.add<T>(label, one<T>())) {
      const v = v128.add<T>(v128.load(p), loadSplat<T>(bias));
      largest = v128.pmax<T>(largest, v);
      own = v128.bitselect(v, own, v128.eq<T>(label, ys));
      v128.store(p, v);
    }
    let q = zero;
    let ties = zero;
    for (let p = z; p < end; p += row) {
      const e = exp<T>(v128.sub<T>(v128.load(p), largest));
      const tie = v128.eq<T>(e, one<T>());
      q = v128.add<T>(q, v128.andnot(e, tie));
      ties = v128.add<T>(ties, v128.and(e, tie));
      v128.store(p, e);
    }
    q = v128.add<T>(q, v128.sub<T>(ties, one<T>()));
    const loss = v128.add<T>(v128.sub<T>(largest, own), logOf1Plus<T>(q));
    total += sumLanes<T>(v128.and(v128.mul<T>(weights, loss), maskPart<T>(count)));
    const sum = v128.add<T>(q, one<T>());
    label = zero;
    for (let p = z; p < end; p += row, label = v128.add<T>(label, one<T>())) {
      const hit = v128.and(v128.eq<T>(label, ys), one<T>());
      v128.store(p, v128.mul<T>(weights, v128.sub<T>(v128.div<T>(v128.load(p), sum), hit)));
    }
  }
  return total;
}

/** Adds the gradient sums of m samples to `gradient`, unless that is 0, and returns the sum of their losses. */
export function softmaxGradient<T extends number>(
  n_x: i32,
  n_k: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  parameters: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  assert(n_x >= 0 && n_k >= 1 && m >= 0 && (!gradient || gradient >= __heap_base) && scratch >= __heap_base);
  const size = softmaxBlock<T>(n_k);
  const z = scratch;
  const spare = at<T>(z, n_k * size);
  const b = n_k * n_x;
  let loss: f64 = 0;
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    const block = at<T>(x, start * x_cs);
    gemm<T>(n_k, count, n_x, parameters, n_x, 1, block, x_rs, x_cs, 1, 0, z, size, 1, spare);
    loss += lossOfBlock<T>(
      n_k,
      count,
      size,
      at<T>(parameters, b),
      at<T>(y, start * y_s),
      y_s,
      s && at<T>(s, start * s_s),
      s_s,
      z,
    );
    if (!gradient) continue;
    gemm<T>(n_k, n_x, count, z, size, 1, block, x_cs, x_rs, 1, 1, gradient, n_x, 1, spare);
    for (let i = 0; i < n_k; i++) addSum<T>(count, at<T>(z, i * size), at<T>(gradient, b + i));
  }
  return loss;
}
