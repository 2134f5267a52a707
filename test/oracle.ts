/**
 * The slow twin of every kernel function: plain double precision, one loop a sum, each with its tolerance
 * and the inputs the tolerance holds for. It knows nothing of wasm, memory or strides.
 *
 * Matrices are dense, row by row. Inputs are numbers of the dtype under test: round them first.
 * `ulp` counts units in the last place of the exact result. `bound` is an absolute error after Higham,
 * "Accuracy and Stability of Numerical Algorithms", 2002, chapter 3: a sum of n terms is off by at most
 * n·u·Σ|terms|. Bounds are written with epsilon = 2u: half for the kernel, half for this file's own rounding.
 *
 * The twins of the loss and the two models are in oracle-models.ts, those of the optimizers' steps in oracle-steps.ts,
 * and exported from here.
 */
import { type Dtype, epsilon, type Numbers, termsOf } from "./compare.ts";
import { sigmoid } from "./oracle-models.ts";

export * from "./oracle-models.ts";
export * from "./oracle-steps.ts";

/** f(x) for one number. */
export interface UnaryOperation {
  of(x: number): number;
  ulp: Record<Dtype, number>;
  /** Where `ulp` holds; beyond it the result is the limit, or what the kernel's tests say. */
  domain: Record<Dtype, readonly [low: number, high: number]>;
}

const correctlyRounded = { f32: 0, f64: 0 };
const wide = { f32: [-3e38, 3e38], f64: [-1e308, 1e308] } as const;
const positive = { f32: [0, 3e38], f64: [0, 1e308] } as const;

/** σ′(z) from e^−|z|, since σ·(1 − σ) loses the tails. */
function sigmoidDerivative(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}

/** By the kernel's name. Where no other reason is given, `ulp` is what was measured over
 * the domain, rounded up; in f64 that includes the error of JavaScript's own function. */
export const unary: Record<string, UnaryOperation> = {
  // Single machine operations round once.
  negate: { of: (x) => -x, ulp: correctlyRounded, domain: wide },
  absolute: { of: Math.abs, ulp: correctlyRounded, domain: wide },
  square_root: { of: Math.sqrt, ulp: correctlyRounded, domain: positive },
  exp: { of: Math.exp, ulp: { f32: 1.25, f64: 1.5 }, domain: { f32: [-104, 88.7], f64: [-746, 709.7] } },
  log: { of: Math.log, ulp: { f32: 1, f64: 1.5 }, domain: positive },
  // exp's error, an addition and a division.
  sigmoid: { of: sigmoid, ulp: { f32: 2.5, f64: 2.5 }, domain: { f32: [-104, 104], f64: [-746, 746] } },
  sigmoid_derivative: {
    of: sigmoidDerivative,
    ulp: { f32: 3.5, f64: 4.5 },
    domain: { f32: [-104, 104], f64: [-746, 746] },
  },
  // e^y − 1, an addition and a division; in f64 also Math.tanh's own error.
  tanh: { of: Math.tanh, ulp: { f32: 2.5, f64: 3.5 }, domain: wide },
  tanh_derivative: {
    of: (z) => 4 * sigmoidDerivative(2 * z),
    ulp: { f32: 3.5, f64: 4.5 },
    // Below the smallest normal number multiplying by 4 magnifies the rounding of σ′.
    domain: { f32: [-43, 43], f64: [-353, 353] },
  },
  relu: { of: (z) => (z >= 0 || Number.isNaN(z) ? z : 0), ulp: correctlyRounded, domain: wide },
  relu_derivative: { of: (z) => (z > 0 ? 1 : 0), ulp: correctlyRounded, domain: wide },
  // In f32 the factor 0.01 is itself rounded, by up to half a unit, which may weigh double in the product.
  leaky_relu: { of: (z) => (z < 0 ? 0.01 * z : z), ulp: { f32: 1.5, f64: 0 }, domain: wide },
  leaky_relu_derivative: { of: (z) => (z > 0 ? 1 : 0.01), ulp: correctlyRounded, domain: wide },
};

/** C's pow, from which JavaScript's differs where |a| is 1. */
function power(a: number, b: number): number {
  if (a === 1) return 1;
  return a === -1 && Math.abs(b) === Infinity ? 1 : a ** b;
}

/** By the kernel's name: correctly rounded but for power, whose f64 has the error of JavaScript's own on top. */
export const binary: Record<string, { of(a: number, b: number): number; ulp: Record<Dtype, number> }> = {
  add: { of: (a, b) => a + b, ulp: correctlyRounded },
  subtract: { of: (a, b) => a - b, ulp: correctlyRounded },
  multiply: { of: (a, b) => a * b, ulp: correctlyRounded },
  divide: { of: (a, b) => a / b, ulp: correctlyRounded },
  maximum: { of: Math.max, ulp: correctlyRounded },
  minimum: { of: Math.min, ulp: correctlyRounded },
  power: { of: power, ulp: { f32: 0.51, f64: 2 } },
  equal: { of: (a, b) => Number(a === b), ulp: correctlyRounded },
  less: { of: (a, b) => Number(a < b), ulp: correctlyRounded },
  less_equal: { of: (a, b) => Number(a <= b), ulp: correctlyRounded },
};

/** The choice of each element. */
export const where = (c: number, a: number, b: number): number => (c !== 0 ? a : b);

/** A row to one number. */
export interface Reduction {
  of(x: Numbers): number;
  bound(dtype: Dtype, x: Numbers): number;
}

function sumOf(x: Numbers): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum;
}

function sumBound(dtype: Dtype, x: Numbers): number {
  let magnitude = 0;
  for (let i = 0; i < x.length; i++) magnitude += Math.abs(x[i]!);
  return (termsOf(dtype, x.length, 4096) + 2) * epsilon[dtype] * magnitude;
}

function largestOf(x: Numbers): number {
  let largest = -Infinity;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, x[i]!);
  return largest;
}

function smallestOf(x: Numbers): number {
  let smallest = Infinity;
  for (let i = 0; i < x.length; i++) smallest = Math.min(smallest, x[i]!);
  return smallest;
}

/** The first position of a NaN, else of the largest, else −1. */
function argmaxOf(x: Numbers): number {
  let position = -1;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) return i;
    if (position < 0 || x[i]! > x[position]!) position = i;
  }
  return position;
}

const none = () => 0;

/** By the kernel's name. Choosing is exact; sums have their bound. */
export const reductions: Record<string, Reduction> = {
  sum: { of: sumOf, bound: sumBound },
  mean: {
    of: (x) => sumOf(x) / x.length,
    bound: (dtype, x) => sumBound(dtype, x) / x.length,
  },
  max: { of: largestOf, bound: none },
  min: { of: smallestOf, bound: none },
  argmax: { of: argmaxOf, bound: none },
};

/** Σ x·y. */
export const dot = {
  of(x: Numbers, y: Numbers): number {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
    return sum;
  },
  bound(dtype: Dtype, x: Numbers, y: Numbers): number {
    let magnitude = 0;
    for (let i = 0; i < x.length; i++) magnitude += Math.abs(x[i]! * y[i]!);
    return (termsOf(dtype, x.length, 4096) + 2) * epsilon[dtype] * magnitude;
  },
};

/** The searches: −1 where there is nothing to find. */
export const findNonFinite = (x: Numbers): number => Array.from(x).findIndex((v) => !Number.isFinite(v));
export const findNonClass = (classes: number, y: Numbers): number =>
  Array.from(y).findIndex((v) => !(Number.isInteger(v) && v >= 0 && v < classes));

/** alpha·A·B + beta·C for A (m, k), B (k, n), C (m, n); beta = 0 ignores C, whatever is in it. */
export const gemm = {
  of(m: number, n: number, k: number, a: Numbers, b: Numbers, alpha: number, beta: number, c: Numbers) {
    const result = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[p * n + j]!;
        result[i * n + j] = alpha * sum + (beta === 0 ? 0 : beta * c[i * n + j]!);
      }
    }
    return result;
  },
  /** k products and sums, alpha, beta and the last addition: the scalars are rounded too. */
  bound(
    dtype: Dtype,
    ...[m, n, k, a, b, alpha, beta, c]: [number, number, number, Numbers, Numbers, number, number, Numbers]
  ) {
    const absolute = (x: Numbers) => Float64Array.from(x, Math.abs);
    const sizes = gemm.of(m, n, k, absolute(a), absolute(b), Math.abs(alpha), Math.abs(beta), absolute(c));
    return sizes.map((magnitude) => (k + 4) * epsilon[dtype] * magnitude);
  },
};
