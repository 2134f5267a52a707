/**
 * The slow twins of cross-entropy, logistic regression and the two-layer network: logits, losses and
 * gradient sums, sample by sample, with bounds that carry every rounding error to first order through the model.
 *
 * X is (n_x, m), dense, row by row. Gradients and losses are sums over the samples, not means.
 * eps below is twice the rounding unit, so each count of roundings is doubled: see oracle.ts.
 */
import { type Dtype, epsilon, type Numbers, smallestNormal, termsOf } from "./compare.ts";

/** σ(z) with full relative precision on both sides. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** Σ s·loss(z, y) and dz = s·(σ(z) − y) for finite z; s, the samples' weights, is 1 unless given. */
export const crossEntropy = {
  of(z: Numbers, y: Numbers, s?: Numbers) {
    let loss = 0;
    const dz = new Float64Array(z.length);
    for (let i = 0; i < z.length; i++) {
      // −y·log σ(z) − (1 − y)·log(1 − σ(z)), where 1 − σ(z) = σ(−z).
      const weight = s ? s[i]! : 1;
      loss += weight * (Math.max(z[i]!, 0) - y[i]! * z[i]! + Math.log1p(Math.exp(-Math.abs(z[i]!))));
      dz[i] = weight * (y[i] === 1 ? -sigmoid(-z[i]!) : sigmoid(z[i]!) - y[i]!);
    }
    return { loss, dz };
  },
  bound(dtype: Dtype, z: Numbers, y: Numbers, s?: Numbers) {
    const { loss } = crossEntropy.of(z, y, s);
    // A weight rounds once more. No term is negative, so the sum's error is relative: 4 for a term's own error, then a sum of n / 2
    // terms a lane at most. σ − y is as exact as its larger part, or as subnormal numbers are.
    const more = s ? 1 : 0;
    const terms = 4 + more + termsOf(dtype, z.length, 1024) / 2;
    const dz = Float64Array.from(
      z,
      (v, i) =>
        (3 + more) *
        epsilon[dtype] *
        (s ? s[i]! : 1) *
        Math.max(sigmoid(v), Math.abs(y[i]!), smallestNormal[dtype]),
    );
    return { loss: terms * epsilon[dtype] * loss, dz };
  },
};

/** What a gradient function returns and adds. */
export interface LossAndGradient {
  loss: number;
  gradient: Float64Array;
}

/** [ w: n_x | b: 1 ], z = wᵀx + b. */
export const logistic = {
  logits(n_x: number, m: number, x: Numbers, parameters: Numbers): Float64Array {
    const z = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      z[j] = parameters[n_x]!;
      for (let k = 0; k < n_x; k++) z[j]! += parameters[k]! * x[k * m + j]!;
    }
    return z;
  },
  logitsBound(dtype: Dtype, n_x: number, m: number, x: Numbers, parameters: Numbers): Float64Array {
    const sizes = logistic.logits(n_x, m, absolute(x), absolute(parameters));
    return sizes.map((size) => (n_x + 1) * epsilon[dtype] * size);
  },
  gradient(n_x: number, m: number, x: Numbers, y: Numbers, parameters: Numbers, s?: Numbers): LossAndGradient {
    const { loss, dz } = crossEntropy.of(logistic.logits(n_x, m, x, parameters), y, s);
    return { loss, gradient: weighted(n_x, m, x, dz) };
  },
  bound(
    dtype: Dtype,
    ...[n_x, m, x, y, parameters, s]: [number, number, Numbers, Numbers, Numbers, Numbers?]
  ): LossAndGradient {
    const z = logistic.logits(n_x, m, x, parameters);
    const output = outputBound(dtype, z, logistic.logitsBound(dtype, n_x, m, x, parameters), y, s);
    const carried = weighted(n_x, m, absolute(x), output.dzError);
    const sums = weighted(n_x, m, absolute(x), absolute(output.dz));
    return { loss: output.loss, gradient: carried.map((e, k) => e + (m + 2) * epsilon[dtype] * sums[k]!) };
  },
};

/** Hidden activations in the order of their numbers in the ABI, with g′ from a = g(z). */
export const activations: readonly { name: string; of(z: number): number; slope(a: number): number }[] = [
  { name: "sigmoid", of: sigmoid, slope: (a) => a * (1 - a) },
  { name: "tanh", of: Math.tanh, slope: (a) => 1 - a * a },
  { name: "relu", of: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
  { name: "leaky_relu", of: (z) => Math.max(z, 0.01 * z), slope: (a) => (a > 0 ? 1 : 0.01) },
  { name: "identity", of: (z) => z, slope: () => 1 },
];

/** Sizes and parameters of a network: [ W1: n_1 × n_x | W2: n_1 | b1: n_1 | b2: 1 ]. */
export interface Network {
  n_x: number;
  n_1: number;
  activation: number;
  parameters: Numbers;
}

function unpack({ n_x, n_1, parameters }: Network) {
  const all = Array.from(parameters);
  const W2 = n_1 * n_x;
  return {
    W1: all.slice(0, W2),
    W2: all.slice(W2, W2 + n_1),
    b1: all.slice(W2 + n_1, W2 + 2 * n_1),
    b2: all[W2 + 2 * n_1]!,
  };
}

function affine(rows: number, cols: number, m: number, W: Numbers, b: Numbers, x: Numbers): Float64Array {
  const z = new Float64Array(rows * m);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < m; j++) {
      let sum = b[i]!;
      for (let k = 0; k < cols; k++) sum += W[i * cols + k]! * x[k * m + j]!;
      z[i * m + j] = sum;
    }
  }
  return z;
}

/** The network's forward pass, its gradient sums, and their bounds. */
export const twoLayer = {
  forward(network: Network, m: number, x: Numbers) {
    const { n_x, n_1, activation } = network;
    const { W1, W2, b1, b2 } = unpack(network);
    const Z1 = affine(n_1, n_x, m, W1, b1, x);
    const A1 = Z1.map(activations[activation]!.of);
    const Z2 = affine(1, n_1, m, W2, [b2], A1);
    return { Z1, A1, Z2, A2: Z2.map(sigmoid) };
  },
  /** How far rounding may move Z1, A1 and Z2. No activation is steeper than 1. */
  forwardBound(dtype: Dtype, network: Network, m: number, x: Numbers) {
    const eps = epsilon[dtype];
    const { n_x, n_1 } = network;
    const { W1, W2, b1, b2 } = unpack(network);
    const A1 = twoLayer.forward(network, m, x).A1;
    const sizes1 = affine(n_1, n_x, m, absolute(W1), absolute(b1), absolute(x));
    const Z1 = sizes1.map((size) => (n_x + 1) * eps * size);
    const A1Error = Z1.map((e, i) => e + 4 * eps * Math.abs(A1[i]!));
    const sizes2 = affine(1, n_1, m, absolute(W2), [Math.abs(b2)], absolute(A1));
    const carried = affine(1, n_1, m, absolute(W2), [0], A1Error);
    return { Z1, A1: A1Error, Z2: carried.map((e, j) => e + (n_1 + 1) * eps * sizes2[j]!) };
  },
  gradient(network: Network, m: number, x: Numbers, y: Numbers, s?: Numbers): LossAndGradient {
    const { n_x, n_1 } = network;
    const { A1, Z2 } = twoLayer.forward(network, m, x);
    const { W2 } = unpack(network);
    const { loss, dz } = crossEntropy.of(Z2, y, s);
    const slope = activations[network.activation]!.slope;
    const dZ1 = A1.map((a, i) => W2[Math.floor(i / m)]! * dz[i % m]! * slope(a));
    return { loss, gradient: sumsOverSamples(n_x, n_1, m, x, A1, dz, dZ1) };
  },
  bound(dtype: Dtype, network: Network, m: number, x: Numbers, y: Numbers, s?: Numbers): LossAndGradient {
    const eps = epsilon[dtype];
    const { n_x, n_1 } = network;
    const { Z1, A1, Z2 } = twoLayer.forward(network, m, x);
    const error = twoLayer.forwardBound(dtype, network, m, x);
    const { W2 } = unpack(network);
    const output = outputBound(dtype, Z2, error.Z2, y, s);
    const slope = activations[network.activation]!.slope;
    const dZ1 = new Float64Array(n_1 * m);
    const dZ1Error = new Float64Array(n_1 * m);
    for (let i = 0; i < n_1 * m; i++) {
      const w = Math.abs(W2[Math.floor(i / m)]!);
      const d = Math.abs(output.dz[i % m]!);
      const s = slope(A1[i]!);
      // |dg′/da| is at most 2; relu's kink may fall on either side of a Z1 that is nearly 0.
      const slopeError = 2 * error.A1[i]! + 2 * eps + (Math.abs(Z1[i]!) <= error.Z1[i]! ? 1 : 0);
      dZ1[i] = w * d * s;
      dZ1Error[i] = w * (s * output.dzError[i % m]! + d * slopeError) + 3 * eps * dZ1[i]!;
    }
    const absX = absolute(x);
    const sums = sumsOverSamples(n_x, n_1, m, absX, absolute(A1), absolute(output.dz), dZ1);
    const carried = sumsOverSamples(n_x, n_1, m, absX, absolute(A1), output.dzError, dZ1Error);
    const ofA1 = sumsOverSamples(n_x, n_1, m, absX, error.A1, absolute(output.dz), new Float64Array(n_1 * m));
    const isW2 = (k: number) => k >= n_1 * n_x && k < n_1 * n_x + n_1;
    const gradient = carried.map((e, k) => e + (isW2(k) ? ofA1[k]! : 0) + (m + 2) * eps * sums[k]!);
    return { loss: output.loss, gradient };
  },
};

/** [ dW1 = dZ1·Xᵀ | dW2 = dZ2·A1ᵀ | db1 = Σ dZ1 | db2 = Σ dZ2 ]. */
function sumsOverSamples(
  n_x: number,
  n_1: number,
  m: number,
  x: Numbers,
  A1: Numbers,
  dZ2: Numbers,
  dZ1: Numbers,
): Float64Array {
  const gradient = new Float64Array(n_1 * (n_x + 2) + 1);
  const [dW2, db1, db2] = [n_1 * n_x, n_1 * (n_x + 1), n_1 * (n_x + 2)];
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n_1; i++) {
      for (let k = 0; k < n_x; k++) gradient[i * n_x + k]! += dZ1[i * m + j]! * x[k * m + j]!;
      gradient[dW2 + i]! += dZ2[j]! * A1[i * m + j]!;
      gradient[db1 + i]! += dZ1[i * m + j]!;
    }
    gradient[db2]! += dZ2[j]!;
  }
  return gradient;
}

function absolute(x: Numbers): Float64Array {
  return Float64Array.from(x, Math.abs);
}

/** [ Σ_j d[j]·x[k, j] for each k | Σ_j d[j] ]. */
function weighted(n_x: number, m: number, x: Numbers, d: Numbers): Float64Array {
  const result = new Float64Array(n_x + 1);
  for (let j = 0; j < m; j++) {
    for (let k = 0; k < n_x; k++) result[k]! += d[j]! * x[k * m + j]!;
    result[n_x]! += d[j]!;
  }
  return result;
}

/** What errors in z do to the loss, whose slope is |dz| <= 1, and to dz, whose slope is at most 1/4. */
function outputBound(dtype: Dtype, z: Numbers, zError: Numbers, y: Numbers, s?: Numbers) {
  const { dz } = crossEntropy.of(z, y, s);
  const own = crossEntropy.bound(dtype, z, y, s);
  const weight = (j: number) => (s ? s[j]! : 1);
  let loss = own.loss;
  for (let j = 0; j < z.length; j++) loss += (Math.abs(dz[j]!) + weight(j) * zError[j]!) * zError[j]!;
  return { dz, loss, dzError: own.dz.map((e, j) => e + (weight(j) * zError[j]!) / 4) };
}
