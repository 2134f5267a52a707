/**
 * The two-layer network, block by block of samples, so that the activations never leave the cache.
 *
 * Parameters are one flat array, as is the gradient, the weights first, for they alone are penalised:
 *
 *   [ W1: n_1 × n_x, rows contiguous | W2: n_1 | b1: n_1 | b2: 1 ]
 *
 * The course's six equations, for a block of samples (3.9):
 *
 *   Z1 = W1·X + b1        gemm                       dZ2 = A2 − Y              loss
 *   A1 = g(Z1)         \  forward, in one sweep      dW2 += dZ2·A1ᵀ         \
 *   Z2 = W2·A1 + b2    /  over each row of A1        dZ1 = W2ᵀ·dZ2 ∗ g′(Z1)  |  backward, in one sweep
 *   A2 = σ(Z2)            loss                       db1 += Σ dZ1, db2 += Σ dZ2  /
 *                                                    dW1 += dZ1·Xᵀ             gemm, or dot products
 *
 * Z1, A1 and dZ1 share one buffer: g′ follows from A1 alone.
 */
import { Activation, Identity, LeakyRelu, Relu, Sigmoid, Tanh } from "./activations";
import { GROUP_BYTES, gradientAlongSamples } from "./along-samples";
import { copy } from "./copy";
import { gemm, gemmScratch } from "./gemm";
import { crossEntropy } from "./loss";
import { at, bytes, lanes, loadSplat, madd, splat, sumLanes } from "./vec";

/** Numbers of the hidden activations in the ABI. */
const SIGMOID: i32 = 0;
const TANH: i32 = 1;
const RELU: i32 = 2;
const LEAKY_RELU: i32 = 3;

/** Samples in a block, a multiple of 16: A1 takes at most 128 KB of the second-level cache. */
export function twoLayerBlock<T extends number>(n_1: i32): i32 {
  const fit = 131072 / (<i32>sizeof<T>() * max(n_1, 1));
  return min(max(fit & ~15, 16), 512);
}

/** Whether X has so few rows that a tile of gemm would be mostly empty: dW1 is then made of dot products. */
function fewFeatures<T extends number>(n_x: i32): bool {
  return n_x <= lanes<T>();
}

/** Bytes of scratch: A1, Z2 and perhaps X of a block, and what gemm needs, which is more than dot products do. */
export function twoLayerScratch<T extends number>(n_x: i32, n_1: i32): usize {
  const size = twoLayerBlock<T>(n_1);
  const rows = n_1 + 1 + (fewFeatures<T>(n_x) ? n_x : 0);
  const products = max(gemmScratch<T>(n_1, size, n_x), gemmScratch<T>(n_1, n_x, size));
  assert(products >= GROUP_BYTES);
  return bytes<T>(rows * size) + products;
}

// Rows of the block's buffers are `size` long, a multiple of the lanes: sweeps run over whole vectors,
// past the last sample, whose places hold finite values and a dZ2 of 0.

function forward<T extends number, G extends Activation<T>>(
  n_1: i32,
  m: i32,
  size: i32,
  W2: usize,
  b1: usize,
  a: usize,
  z2: usize,
): void {
  const g = changetype<G>(0);
  const L = lanes<T>();
  const b2 = loadSplat<T>(at<T>(b1, n_1));
  for (let j = 0; j < m; j += L) v128.store(at<T>(z2, j), b2);
  for (let i = 0; i < n_1; i++) {
    const row = at<T>(a, i * size);
    const w = loadSplat<T>(at<T>(W2, i));
    const b = loadSplat<T>(at<T>(b1, i));
    for (let j = m; j & (L - 1); j++) store<T>(at<T>(row, j), <T>0);
    for (let j = 0; j < m; j += L) {
      const p = at<T>(row, j);
      const q = at<T>(z2, j);
      const activation = g.of(v128.add<T>(v128.load(p), b));
      v128.store(p, activation);
      v128.store(q, madd<T>(w, activation, v128.load(q)));
    }
  }
}

function backward<T extends number, G extends Activation<T>>(
  n_1: i32,
  m: i32,
  size: i32,
  W2: usize,
  a: usize,
  dz2: usize,
  dW2: usize,
  db1: usize,
): void {
  const g = changetype<G>(0);
  const L = lanes<T>();
  for (let i = 0; i < n_1; i++) {
    const row = at<T>(a, i * size);
    const w = loadSplat<T>(at<T>(W2, i));
    let weightSum = splat<T>(0),
      biasSum = weightSum;
    for (let j = 0; j < m; j += L) {
      const p = at<T>(row, j);
      const d = v128.load(at<T>(dz2, j));
      const activation = v128.load(p);
      weightSum = madd<T>(d, activation, weightSum);
      const dz1 = v128.mul<T>(v128.mul<T>(w, d), g.slope(activation));
      biasSum = v128.add<T>(biasSum, dz1);
      v128.store(p, dz1);
    }
    increase<T>(at<T>(dW2, i), sumLanes<T>(weightSum));
    increase<T>(at<T>(db1, i), sumLanes<T>(biasSum));
  }
  let outputSum = splat<T>(0);
  for (let j = 0; j < m; j += L) outputSum = v128.add<T>(outputSum, v128.load(at<T>(dz2, j)));
  increase<T>(at<T>(db1, n_1), sumLanes<T>(outputSum));
}

function increase<T extends number>(p: usize, by: f64): void {
  store<T>(p, <T>(<f64>load<T>(p) + by));
}

function forwardAny<T extends number>(
  activation: i32,
  n_1: i32,
  m: i32,
  size: i32,
  W2: usize,
  b1: usize,
  a: usize,
  z2: usize,
): void {
  if (activation == SIGMOID) forward<T, Sigmoid<T>>(n_1, m, size, W2, b1, a, z2);
  else if (activation == TANH) forward<T, Tanh<T>>(n_1, m, size, W2, b1, a, z2);
  else if (activation == RELU) forward<T, Relu<T>>(n_1, m, size, W2, b1, a, z2);
  else if (activation == LEAKY_RELU) forward<T, LeakyRelu<T>>(n_1, m, size, W2, b1, a, z2);
  else forward<T, Identity<T>>(n_1, m, size, W2, b1, a, z2);
}

function backwardAny<T extends number>(
  activation: i32,
  n_1: i32,
  m: i32,
  size: i32,
  W2: usize,
  a: usize,
  dz2: usize,
  dW2: usize,
  db1: usize,
): void {
  if (activation == SIGMOID) backward<T, Sigmoid<T>>(n_1, m, size, W2, a, dz2, dW2, db1);
  else if (activation == TANH) backward<T, Tanh<T>>(n_1, m, size, W2, a, dz2, dW2, db1);
  else if (activation == RELU) backward<T, Relu<T>>(n_1, m, size, W2, a, dz2, dW2, db1);
  else if (activation == LEAKY_RELU) backward<T, LeakyRelu<T>>(n_1, m, size, W2, a, dz2, dW2, db1);
  else backward<T, Identity<T>>(n_1, m, size, W2, a, dz2, dW2, db1);
}

/** A1 (n_1, m) into a and Z2 (m) into z2 for the m samples at x. */
function forwardBlock<T extends number>(
  n_x: i32,
  n_1: i32,
  m: i32,
  size: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  parameters: usize,
  activation: i32,
  a: usize,
  z2: usize,
  scratch: usize,
): void {
  const W2 = at<T>(parameters, n_1 * n_x);
  gemm<T>(n_1, m, n_x, parameters, n_x, 1, x, x_rs, x_cs, 1, 0, a, size, 1, scratch);
  forwardAny<T>(activation, n_1, m, size, W2, at<T>(W2, n_1), a, z2);
}

/**
 * Adds the gradient sums of m samples, weighted by s unless it is 0, to `gradient`, unless that is 0; returns the sum of their
 * losses.
 */
export function twoLayerGradient<T extends number>(
  n_x: i32,
  n_1: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  parameters: usize,
  activation: i32,
  gradient: usize,
  scratch: usize,
): f64 {
  assert(n_x >= 0 && n_1 >= 0 && m >= 0 && (!gradient || gradient >= __heap_base) && scratch >= __heap_base);
  const size = twoLayerBlock<T>(n_1);
  const few = fewFeatures<T>(n_x);
  const a = scratch;
  const z2 = at<T>(a, n_1 * size);
  const copied = at<T>(z2, size);
  const spare = at<T>(copied, few ? n_x * size : 0);
  const W2 = at<T>(parameters, n_1 * n_x);
  const dW2 = at<T>(gradient, n_1 * n_x);
  let loss: f64 = 0;
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    let block = at<T>(x, start * x_cs);
    let block_rs = x_rs;
    let block_cs = x_cs;
    if (few && x_cs != 1) {
      copy<T>(n_x, count, block, x_rs, x_cs, copied, size, 1);
      block = copied;
      block_rs = size;
      block_cs = 1;
    }
    forwardBlock<T>(n_x, n_1, count, size, block, block_rs, block_cs, parameters, activation, a, z2, spare);
    loss = crossEntropy<T>(
      loss,
      count,
      z2,
      1,
      at<T>(y, start * y_s),
      y_s,
      s && at<T>(s, start * s_s),
      s_s,
      z2,
      1,
      0,
      0,
    );
    if (!gradient) continue;
    for (let j = count; j & (lanes<T>() - 1); j++) store<T>(at<T>(z2, j), <T>0);
    backwardAny<T>(activation, n_1, count, size, W2, a, z2, dW2, at<T>(dW2, n_1));
    if (few) {
      for (let k = 0; k < n_x; k++) {
        const row = at<T>(block, k * block_rs);
        gradientAlongSamples<T>(n_1, count, a, size, row, at<T>(gradient, k), n_x, spare);
      }
    } else {
      gemm<T>(n_1, n_x, count, a, size, 1, block, x_cs, x_rs, 1, 1, gradient, n_x, 1, spare);
    }
  }
  return loss;
}

/** z[j] = Z2 for m samples. */
export function twoLayerLogits<T extends number>(
  n_x: i32,
  n_1: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  parameters: usize,
  activation: i32,
  z: usize,
  z_s: i32,
  scratch: usize,
): void {
  const size = twoLayerBlock<T>(n_1);
  const a = scratch;
  const z2 = at<T>(a, n_1 * size);
  const spare = at<T>(z2, size);
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    const block = at<T>(x, start * x_cs);
    forwardBlock<T>(n_x, n_1, count, size, block, x_rs, x_cs, parameters, activation, a, z2, spare);
    copy<T>(1, count, z2, 0, 1, at<T>(z, start * z_s), 0, z_s);
  }
}
