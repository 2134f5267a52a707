/**
 * One function for each kernel: check, broadcast, call.
 *
 * Broadcasting is NumPy's: shapes are compared from right to left; two extents fit if they are equal or
 * one is 1, and missing axes count as 1. A number counts as an array of no axes.
 */

import type { BinaryName, DType, UnaryName } from "./abi.ts";
import { checkMatmul, checkVectors, mixedDTypes, mixedRuntimes, noArray } from "./check.ts";
import { checkOperand, type NDArray } from "./ndarray.ts";
import { checkOutOption, destination, NONE, type OutOption } from "./output.ts";
import {
  broadcastShapes,
  broadcastTo,
  extentFromEnd,
  forEachMatrix,
  itemSize,
  type Strided,
  stepFromEnd,
} from "./strided.ts";

/** An array, or a number that stands for an array of any shape. */
export type Operand<D extends DType = DType> = NDArray<D> | number;

function unary<D extends DType>(who: string, name: UnaryName, a: NDArray<D>, options: OutOption<D>): NDArray<D> {
  checkOutOption(who, options);
  checkOperand(who, "a", a);
  const out = destination(who, a, a.shape, options.out, a, a, true);
  const kernel = a.runtime.kernel[a.dtype];
  if (out.ndim > 2) {
    forEachMatrix([a, out], (rows, cols, [x, y]) => {
      kernel[name](rows, cols, x!.pointer, x!.rs, x!.cs, y!.pointer, y!.rs, y!.cs);
    });
    return out;
  }
  const rows = extentFromEnd(out.shape, 2);
  const cols = extentFromEnd(out.shape, 1);
  const x_rs = stepFromEnd(a, 2, rows);
  const x_cs = stepFromEnd(a, 1, cols);
  const out_rs = stepFromEnd(out, 2, rows);
  const out_cs = stepFromEnd(out, 1, cols);
  if (cols === 1) kernel[name](1, rows, a.pointer, 0, x_rs, out.pointer, 0, out_rs);
  else if (x_rs === cols * x_cs && out_rs === cols * out_cs)
    kernel[name](1, rows * cols, a.pointer, 0, x_cs, out.pointer, 0, out_cs);
  else if (x_rs === 1 && out_rs === 1) kernel[name](cols, rows, a.pointer, x_cs, 1, out.pointer, out_cs, 1);
  else kernel[name](rows, cols, a.pointer, x_rs, x_cs, out.pointer, out_rs, out_cs);
  return out;
}

/** out = a op b for one of the kernel's operations, or b op a if `swapped`, with all checks in the name of `who`. */
export function binary<D extends DType>(
  who: string,
  name: BinaryName,
  a: Operand<D>,
  b: Operand<D>,
  options: OutOption<D>,
  swapped = false,
): NDArray<D> {
  checkOutOption(who, options);
  let [model, x, y] = operands(who, a, b);
  const shape = broadcastShapes(who, x.shape, y.shape);
  if (swapped) [x, y] = [y, x];
  const out = destination(who, model, shape, options.out, x, y, true);
  const kernel = model.runtime.kernel[model.dtype];
  if (out.ndim > 2) {
    forEachMatrix([broadcastTo(x, shape), broadcastTo(y, shape), out], (rows, cols, [p, q, r]) => {
      kernel[name](rows, cols, p!.pointer, p!.rs, p!.cs, q!.pointer, q!.rs, q!.cs, r!.pointer, r!.rs, r!.cs);
    });
    return out;
  }
  const rows = extentFromEnd(shape, 2);
  const cols = extentFromEnd(shape, 1);
  const x_rs = stepFromEnd(x, 2, rows);
  const x_cs = stepFromEnd(x, 1, cols);
  const y_rs = stepFromEnd(y, 2, rows);
  const y_cs = stepFromEnd(y, 1, cols);
  const out_rs = stepFromEnd(out, 2, rows);
  const out_cs = stepFromEnd(out, 1, cols);
  if (cols === 1) kernel[name](1, rows, x.pointer, 0, x_rs, y.pointer, 0, y_rs, out.pointer, 0, out_rs);
  else if (x_rs === cols * x_cs && y_rs === cols * y_cs && out_rs === cols * out_cs)
    kernel[name](1, rows * cols, x.pointer, 0, x_cs, y.pointer, 0, y_cs, out.pointer, 0, out_cs);
  else if (out_rs === 1)
    kernel[name](cols, rows, x.pointer, x_cs, x_rs, y.pointer, y_cs, y_rs, out.pointer, out_cs, 1);
  else kernel[name](rows, cols, x.pointer, x_rs, x_cs, y.pointer, y_rs, y_cs, out.pointer, out_rs, out_cs);
  return out;
}

/** Both operands in linear memory, after the array that they are like. */
export function operands<D extends DType>(
  who: string,
  a: Operand<D>,
  b: Operand<D>,
): [model: NDArray<D>, x: Strided, y: Strided] {
  if (typeof a !== "number") checkOperand(who, "a", a);
  if (typeof b !== "number") checkOperand(who, "b", b);
  const model = typeof a !== "number" ? a : typeof b !== "number" ? b : noArray(who);
  if (typeof a !== "number" && typeof b !== "number") checkTogether(who, "a", a, "b", b);
  return [model, strided(a, model, who), strided(b, model, who)];
}

/** An operand in linear memory: a number goes into one of two places in scratch, which element-wise kernels do not use. */
export function strided(operand: Operand, like: NDArray, who: string, place: 0 | 1 = 0): Strided {
  if (typeof operand !== "number") return operand;
  const { memory } = like.runtime;
  const pointer = memory.scratch(16, who) + 8 * place;
  memory[like.dtype][pointer / itemSize(like.dtype)] = operand;
  return { pointer, dtype: like.dtype, shape: [], strides: [] };
}

/** Rejects two arrays that cannot meet in one operation. */
export function checkTogether(who: string, aName: string, a: NDArray, bName: string, b: NDArray): void {
  if (a.dtype !== b.dtype) mixedDTypes(who, aName, a.dtype, bName, b.dtype);
  if (a.runtime !== b.runtime) mixedRuntimes(who);
}

/** a + b, element by element with broadcasting. `out` may be a or b. */
export function add<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("add", "add", a, b, options);
}

/** a − b, element by element with broadcasting. `out` may be a or b. */
export function sub<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("sub", "subtract", a, b, options);
}

/** a·b, element by element with broadcasting; the matrix product is `matmul`. `out` may be a or b. */
export function mul<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("mul", "multiply", a, b, options);
}

/** a/b, element by element with broadcasting; x/0 is ±infinity, 0/0 NaN. `out` may be a or b. */
export function div<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("div", "divide", a, b, options);
}

/** The larger of a and b, element by element with broadcasting; NaN where either is NaN. */
export function maximum<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("maximum", "maximum", a, b, options);
}

/** The smaller of a and b, element by element with broadcasting; NaN where either is NaN. */
export function minimum<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("minimum", "minimum", a, b, options);
}

/** −a. */
export function neg<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("neg", "negate", a, options);
}

/** |a|. */
export function abs<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("abs", "absolute", a, options);
}

/** √a; NaN below 0. Correctly rounded. */
export function sqrt<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("sqrt", "square_root", a, options);
}

/** e^a. */
export function exp<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("exp", "exp", a, options);
}

/** Natural logarithm of a: −infinity at 0, NaN below. */
export function log<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("log", "log", a, options);
}

/** σ(z) = 1/(1 + e^−z), precise in both tails. */
export function sigmoid<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("sigmoid", "sigmoid", z, options);
}

/** σ′(z) = σ(z)·(1 − σ(z)). */
export function sigmoidDerivative<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("sigmoidDerivative", "sigmoid_derivative", z, options);
}

/** tanh z = (e^z − e^−z)/(e^z + e^−z). */
export function tanh<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("tanh", "tanh", z, options);
}

/** tanh′(z) = 1 − tanh²z. */
export function tanhDerivative<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("tanhDerivative", "tanh_derivative", z, options);
}

/** max(0, z). */
export function relu<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("relu", "relu", z, options);
}

/** 1 where z > 0, else 0, at 0 too. */
export function reluDerivative<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("reluDerivative", "relu_derivative", z, options);
}

/** max(0.01·z, z). */
export function leakyRelu<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("leakyRelu", "leaky_relu", z, options);
}

/** 1 where z > 0, else 0.01, at 0 too. */
export function leakyReluDerivative<D extends DType>(z: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  return unary("leakyReluDerivative", "leaky_relu_derivative", z, options);
}

// ---- products -------------------------------------------------------------------------------------

/** Rejects operands that have no matrix product. */
export function checkProduct(who: string, a: NDArray, b: NDArray): void {
  checkOperand(who, "a", a);
  checkOperand(who, "b", b);
  checkTogether(who, "a", a, "b", b);
  checkMatmul(who, a.shape, b.shape);
}

/**
 * The matrix product: a (m, k) times b (k, n) is (m, n). Transposed views cost nothing.
 *
 * `out` must not overlap a or b.
 */
export function matmul<D extends DType>(a: NDArray<D>, b: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  checkOutOption("matmul", options);
  checkProduct("matmul", a, b);
  const m = a.shape[0]!;
  const k = a.shape[1]!;
  const n = b.shape[1]!;
  const kernel = a.runtime.kernel[a.dtype];
  // Scratch first: if memory runs out, no result is left behind.
  const scratch = a.runtime.memory.scratch(kernel.gemm_scratch(m, n, k), "matmul");
  const c = destination("matmul", a, [m, n], options.out, a, b, false);
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
  checkOperand("dot", "a", a);
  checkOperand("dot", "b", b);
  checkTogether("dot", "a", a, "b", b);
  checkVectors(a.shape, b.shape);
  return a.runtime.kernel[a.dtype].dot(a.size, a.pointer, vectorStride(a), b.pointer, vectorStride(b));
}

/** The step along the one axis of a vector that is longer than 1. */
function vectorStride(a: NDArray): number {
  const axis = a.shape.findIndex((extent) => extent !== 1);
  return axis < 0 ? 1 : a.strides[axis]!;
}
