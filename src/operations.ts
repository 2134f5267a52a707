/**
 * One function for each kernel: check, broadcast, call.
 *
 * Broadcasting is NumPy's: shapes are compared from right to left; two extents fit if they are equal or
 * one is 1, and missing axes count as 1. A number counts as an array of no axes.
 */

import type { BinaryName, DType, UnaryName } from "./abi.ts";
import {
  checkMatmul,
  checkOperand,
  checkOptions,
  checkOut,
  checkVectors,
  mixedDTypes,
  mixedRuntimes,
  noArray,
  overlapping,
} from "./check.ts";
import { empty, NDArray } from "./ndarray.ts";
import type { Runtime } from "./runtime.ts";
import { addressRange, broadcastShapes, broadcastTo, forEachMatrix, itemSize, type Strided } from "./strided.ts";

/** An array, or a number that stands for an array of any shape. */
export type Operand = NDArray | number;

/** Options of element-wise operations and products. */
export interface OutOption {
  /** Where the result goes, instead of a new array: same shape and dtype. It is also what is returned. */
  out?: NDArray;
}

const OUT = ["out"];

/** The array that receives a result: a new one, or `out` if it fits and does not overlap the inputs. */
export function destination<D extends DType>(
  who: string,
  where: Runtime,
  dtype: D,
  shape: readonly number[],
  out: NDArray | undefined,
  inputs: readonly Strided[],
  inPlace: boolean,
): NDArray<D> {
  // Reading the addresses finds freed inputs out before anything is taken.
  const starts = inputs.map((input) => input.pointer);
  if (out === undefined) return empty(shape, dtype, who, where);
  checkOperand(who, "out", out instanceof NDArray, out);
  checkOut(who, out.shape, out.dtype, shape, dtype);
  if (out.runtime !== where) mixedRuntimes(who);
  const [from, to] = addressRange(out);
  inputs.forEach((input, i) => {
    const [start, end] = addressRange(input);
    if (start >= to || from >= end) return;
    const sameStep = (stride: number, axis: number): boolean => stride === out.strides[axis] || shape[axis] === 1;
    if (!inPlace || starts[i] !== from || !input.strides.every(sameStep)) overlapping(who);
  });
  return out as NDArray<D>;
}

function unary(who: string, name: UnaryName, a: NDArray, options: OutOption): NDArray {
  checkOptions(who, options, OUT);
  checkOperand(who, "a", a instanceof NDArray, a);
  const inputs = [a];
  const out = destination(who, a.runtime, a.dtype, a.shape, options.out, inputs, true);
  const kernel = a.runtime.kernel[a.dtype];
  forEachMatrix([a, out], (rows, cols, [x, y]) => {
    kernel[name](rows, cols, x!.pointer, x!.rs, x!.cs, y!.pointer, y!.rs, y!.cs);
  });
  return out;
}

function binary(who: string, name: BinaryName, a: Operand, b: Operand, options: OutOption): NDArray {
  checkOptions(who, options, OUT);
  if (typeof a !== "number") checkOperand(who, "a", a instanceof NDArray, a);
  if (typeof b !== "number") checkOperand(who, "b", b instanceof NDArray, b);
  const model = typeof a !== "number" ? a : typeof b !== "number" ? b : noArray(who);
  if (typeof a !== "number" && typeof b !== "number") checkTogether(who, "a", a, "b", b);
  const x = strided(a, model, who);
  const y = strided(b, model, who);
  const shape = broadcastShapes(who, x.shape, y.shape);
  const inputs = [broadcastTo(x, shape), broadcastTo(y, shape)];
  const out = destination(who, model.runtime, model.dtype, shape, options.out, inputs, true);
  const kernel = model.runtime.kernel[model.dtype];
  forEachMatrix([...inputs, out], (rows, cols, [p, q, r]) => {
    kernel[name](rows, cols, p!.pointer, p!.rs, p!.cs, q!.pointer, q!.rs, q!.cs, r!.pointer, r!.rs, r!.cs);
  });
  return out;
}

/** An operand in linear memory: a number goes into scratch, which element-wise kernels do not use. */
function strided(operand: Operand, like: NDArray, who: string): Strided {
  if (typeof operand !== "number") return operand;
  const { memory } = like.runtime;
  const pointer = memory.scratch(itemSize(like.dtype), who);
  memory[like.dtype][pointer / itemSize(like.dtype)] = operand;
  return { pointer, dtype: like.dtype, shape: [], strides: [] };
}

/** Rejects two arrays that cannot meet in one operation. */
export function checkTogether(who: string, aName: string, a: NDArray, bName: string, b: NDArray): void {
  if (a.dtype !== b.dtype) mixedDTypes(who, aName, a.dtype, bName, b.dtype);
  if (a.runtime !== b.runtime) mixedRuntimes(who);
}

/** a + b, element by element with broadcasting. `out` may be a or b. */
export function add(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("add", "add", a, b, options);
}

/** a − b, element by element with broadcasting. `out` may be a or b. */
export function sub(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("sub", "subtract", a, b, options);
}

/** a·b, element by element with broadcasting; the matrix product is `matmul`. `out` may be a or b. */
export function mul(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("mul", "multiply", a, b, options);
}

/** a/b, element by element with broadcasting; x/0 is ±infinity, 0/0 NaN. `out` may be a or b. */
export function div(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("div", "divide", a, b, options);
}

/** The larger of a and b, element by element with broadcasting; NaN where either is NaN. */
export function maximum(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("maximum", "maximum", a, b, options);
}

/** The smaller of a and b, element by element with broadcasting; NaN where either is NaN. */
export function minimum(a: Operand, b: Operand, options: OutOption = {}): NDArray {
  return binary("minimum", "minimum", a, b, options);
}

/** −a. */
export function neg(a: NDArray, options: OutOption = {}): NDArray {
  return unary("neg", "negate", a, options);
}

/** |a|. */
export function abs(a: NDArray, options: OutOption = {}): NDArray {
  return unary("abs", "absolute", a, options);
}

/** √a; NaN below 0. Correctly rounded. */
export function sqrt(a: NDArray, options: OutOption = {}): NDArray {
  return unary("sqrt", "square_root", a, options);
}

/** e^a. */
export function exp(a: NDArray, options: OutOption = {}): NDArray {
  return unary("exp", "exp", a, options);
}

/** Natural logarithm of a: −infinity at 0, NaN below. */
export function log(a: NDArray, options: OutOption = {}): NDArray {
  return unary("log", "log", a, options);
}

/** σ(z) = 1/(1 + e^−z), precise in both tails. */
export function sigmoid(z: NDArray, options: OutOption = {}): NDArray {
  return unary("sigmoid", "sigmoid", z, options);
}

/** σ′(z) = σ(z)·(1 − σ(z)). */
export function sigmoidDerivative(z: NDArray, options: OutOption = {}): NDArray {
  return unary("sigmoidDerivative", "sigmoid_derivative", z, options);
}

/** tanh z = (e^z − e^−z)/(e^z + e^−z). */
export function tanh(z: NDArray, options: OutOption = {}): NDArray {
  return unary("tanh", "tanh", z, options);
}

/** tanh′(z) = 1 − tanh²z. */
export function tanhDerivative(z: NDArray, options: OutOption = {}): NDArray {
  return unary("tanhDerivative", "tanh_derivative", z, options);
}

/** max(0, z). */
export function relu(z: NDArray, options: OutOption = {}): NDArray {
  return unary("relu", "relu", z, options);
}

/** 1 where z > 0, else 0, at 0 too. */
export function reluDerivative(z: NDArray, options: OutOption = {}): NDArray {
  return unary("reluDerivative", "relu_derivative", z, options);
}

/** max(0.01·z, z). */
export function leakyRelu(z: NDArray, options: OutOption = {}): NDArray {
  return unary("leakyRelu", "leaky_relu", z, options);
}

/** 1 where z > 0, else 0.01, at 0 too. */
export function leakyReluDerivative(z: NDArray, options: OutOption = {}): NDArray {
  return unary("leakyReluDerivative", "leaky_relu_derivative", z, options);
}

// ---- products -------------------------------------------------------------------------------------

/**
 * The matrix product: a (m, k) times b (k, n) is (m, n). Transposed views cost nothing.
 *
 * `out` must not overlap a or b.
 */
export function matmul(a: NDArray, b: NDArray, options: OutOption = {}): NDArray {
  checkOptions("matmul", options, OUT);
  checkOperand("matmul", "a", a instanceof NDArray, a);
  checkOperand("matmul", "b", b instanceof NDArray, b);
  checkTogether("matmul", "a", a, "b", b);
  checkMatmul(a.shape, b.shape);
  const m = a.shape[0]!;
  const k = a.shape[1]!;
  const n = b.shape[1]!;
  const kernel = a.runtime.kernel[a.dtype];
  // Scratch first: if memory runs out, no result is left behind.
  const scratch = a.runtime.memory.scratch(kernel.gemm_scratch(m, n, k), "matmul");
  const c = destination("matmul", a.runtime, a.dtype, [m, n], options.out, [a, b], false);
  kernel.gemm(
    m,
    n,
    k,
    a.pointer,
    a.strides[0]!,
    a.strides[1]!,
    b.pointer,
    b.strides[0]!,
    b.strides[1]!,
    1,
    0,
    c.pointer,
    c.strides[0]!,
    c.strides[1]!,
    scratch,
  );
  return c;
}

/** Σ a[i]·b[i] of two vectors: (n), (n, 1) or (1, n), in any combination. */
export function dot(a: NDArray, b: NDArray): number {
  checkOperand("dot", "a", a instanceof NDArray, a);
  checkOperand("dot", "b", b instanceof NDArray, b);
  checkTogether("dot", "a", a, "b", b);
  checkVectors(a.shape, b.shape);
  return a.runtime.kernel[a.dtype].dot(a.size, a.pointer, vectorStride(a), b.pointer, vectorStride(b));
}

/** The step along the one axis of a vector that is longer than 1. */
function vectorStride(a: NDArray): number {
  const axis = a.shape.findIndex((extent) => extent !== 1);
  return axis < 0 ? 1 : a.strides[axis]!;
}
