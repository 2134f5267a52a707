/** The ABI's functions as functions of operands: place the arrays, call, read the outputs back. */
import type { Dtype } from "../compare.ts";
import type { Arena } from "./arena.ts";
import type { Operand } from "./data.ts";

/** C = alpha·A·B + beta·C; c brings the old values of C. */
export function gemm(
  arena: Arena,
  dtype: Dtype,
  a: Operand,
  b: Operand,
  c: Operand,
  alpha = 1,
  beta = 0,
): Float64Array {
  const sizes = [a.rows, b.cols, a.cols] as const;
  const left = [arena.input(dtype, a), a.rs, a.cs] as const;
  const right = [arena.input(dtype, b), b.rs, b.cs] as const;
  const out = arena.output(dtype, c);
  const scratch = arena.scratch(arena.ask(`gemm_scratch_${dtype}`, ...sizes));
  arena.call(`gemm_${dtype}`, ...sizes, ...left, ...right, alpha, beta, out.at, c.rs, c.cs, scratch);
  return out.read();
}

/** out = a op b. */
export function binary(
  arena: Arena,
  dtype: Dtype,
  name: string,
  a: Operand,
  b: Operand,
  out: Operand,
): Float64Array {
  const left = [arena.input(dtype, a), a.rs, a.cs] as const;
  const right = [arena.input(dtype, b), b.rs, b.cs] as const;
  const result = arena.output(dtype, out);
  arena.call(`${name}_${dtype}`, out.rows, out.cols, ...left, ...right, result.at, out.rs, out.cs);
  return result.read();
}

/** out = c ≠ 0 ? a : b, vectors all. */
export function where(arena: Arena, dtype: Dtype, c: Operand, a: Operand, b: Operand, out: Operand): Float64Array {
  const inputs = [c, a, b].flatMap((x) => [arena.input(dtype, x), x.cs]);
  const result = arena.output(dtype, out);
  arena.call(`where_${dtype}`, out.cols, ...inputs, result.at, out.cs);
  return result.read();
}

/** out = f(x), and copy. */
export function unary(arena: Arena, dtype: Dtype, name: string, x: Operand, out: Operand): Float64Array {
  const from = arena.input(dtype, x);
  const result = arena.output(dtype, out);
  arena.call(`${name}_${dtype}`, x.rows, x.cols, from, x.rs, x.cs, result.at, out.rs, out.cs);
  return result.read();
}

/** out[:, j] = x[:, index[j]]. */
export function takeColumns(arena: Arena, dtype: Dtype, x: Operand, index: Operand, out: Operand): Float64Array {
  const at = arena.input("u32", index);
  const from = arena.input(dtype, x);
  const result = arena.output(dtype, out);
  arena.call(`take_columns_${dtype}`, x.rows, index.cols, at, from, x.rs, x.cs, result.at, out.rs, out.cs);
  return result.read();
}

/** out[i] from x[i, :]; argmax writes f64 whatever the dtype. */
export function reduce(arena: Arena, dtype: Dtype, name: string, x: Operand, out: Operand): Float64Array {
  const from = arena.input(dtype, x);
  const result = arena.output(name === "argmax" ? "f64" : dtype, out);
  arena.call(`${name}_${dtype}`, x.rows, x.cols, from, x.rs, x.cs, result.at, out.cs);
  return result.read();
}

/** Σ x·y of two vectors. */
export function dot(arena: Arena, dtype: Dtype, x: Operand, y: Operand): number {
  return arena.call(`dot_${dtype}`, x.cols, arena.input(dtype, x), x.cs, arena.input(dtype, y), y.cs);
}

/** A position in x, or −1. */
export function findNonFinite(arena: Arena, dtype: Dtype, x: Operand): number {
  return arena.call(`find_non_finite_${dtype}`, x.rows, x.cols, arena.input(dtype, x), x.rs, x.cs);
}

/** A position in y, or −1. */
export function findNonClass(arena: Arena, dtype: Dtype, classes: number, y: Operand): number {
  return arena.call(`find_non_class_${dtype}`, y.cols, classes, arena.input(dtype, y), y.cs);
}

/** Address and stride of the samples' weights, 0 for none. */
function weightsOf(arena: Arena, dtype: Dtype, s: Operand | undefined): readonly [number, number] {
  return s ? [arena.input(dtype, s), s.cs] : [0, 0];
}

/** [ loss | dz ]; s: the samples' weights. */
export function crossEntropy(
  arena: Arena,
  dtype: Dtype,
  z: Operand,
  y: Operand,
  dz: Operand,
  s?: Operand,
): Float64Array {
  const from = arena.input(dtype, z);
  const labels = arena.input(dtype, y);
  const weights = weightsOf(arena, dtype, s);
  const out = arena.output(dtype, dz);
  const loss = arena.call(`cross_entropy_${dtype}`, z.cols, from, z.cs, labels, y.cs, ...weights, out.at, dz.cs);
  return Float64Array.of(loss, ...out.read());
}

/** [ loss | gradient ]; gradient brings what the sums are added to. */
export function logisticGradient(
  arena: Arena,
  dtype: Dtype,
  x: Operand,
  y: Operand,
  parameters: Operand,
  gradient?: Operand,
  s?: Operand,
): Float64Array {
  const samples = [arena.input(dtype, x), x.rs, x.cs, arena.input(dtype, y), y.cs] as const;
  const weights = weightsOf(arena, dtype, s);
  const p = arena.input(dtype, parameters);
  const g = gradient && arena.output(dtype, gradient);
  const scratch = arena.scratch(arena.ask(`logistic_scratch_${dtype}`, x.rows));
  const loss = arena.call(
    `logistic_gradient_${dtype}`,
    x.rows,
    x.cols,
    ...samples,
    ...weights,
    p,
    g?.at ?? 0,
    scratch,
  );
  return Float64Array.of(loss, ...(g?.read() ?? []));
}

/** z = wᵀX + b. */
export function logisticLogits(
  arena: Arena,
  dtype: Dtype,
  x: Operand,
  parameters: Operand,
  z: Operand,
): Float64Array {
  const from = arena.input(dtype, x);
  const p = arena.input(dtype, parameters);
  const out = arena.output(dtype, z);
  const scratch = arena.scratch(arena.ask(`logistic_scratch_${dtype}`, x.rows));
  arena.call(`logistic_logits_${dtype}`, x.rows, x.cols, from, x.rs, x.cs, p, out.at, z.cs, scratch);
  return out.read();
}

/** [ loss | gradient ] of a network with n_1 hidden units. */
export function twoLayerGradient(
  arena: Arena,
  dtype: Dtype,
  n_1: number,
  activation: number,
  x: Operand,
  y: Operand,
  parameters: Operand,
  gradient?: Operand,
  s?: Operand,
): Float64Array {
  const samples = [arena.input(dtype, x), x.rs, x.cs, arena.input(dtype, y), y.cs] as const;
  const weights = weightsOf(arena, dtype, s);
  const p = arena.input(dtype, parameters);
  const g = gradient && arena.output(dtype, gradient);
  const scratch = arena.scratch(arena.ask(`two_layer_scratch_${dtype}`, x.rows, n_1));
  const sizes = [x.rows, n_1, x.cols] as const;
  const loss = arena.call(
    `two_layer_gradient_${dtype}`,
    ...sizes,
    ...samples,
    ...weights,
    p,
    activation,
    g?.at ?? 0,
    scratch,
  );
  return Float64Array.of(loss, ...(g?.read() ?? []));
}

/** z = Z2 of a network with n_1 hidden units. */
export function twoLayerLogits(
  arena: Arena,
  dtype: Dtype,
  n_1: number,
  activation: number,
  x: Operand,
  parameters: Operand,
  z: Operand,
): Float64Array {
  const samples = [arena.input(dtype, x), x.rs, x.cs] as const;
  const p = arena.input(dtype, parameters);
  const out = arena.output(dtype, z);
  const scratch = arena.scratch(arena.ask(`two_layer_scratch_${dtype}`, x.rows, n_1));
  const sizes = [x.rows, n_1, x.cols] as const;
  arena.call(`two_layer_logits_${dtype}`, ...sizes, ...samples, p, activation, out.at, z.cs, scratch);
  return out.read();
}

/** [ loss | gradient ] of softmax regression with n_k classes; without a gradient the loss alone. */
export function softmaxGradient(
  arena: Arena,
  dtype: Dtype,
  n_k: number,
  x: Operand,
  y: Operand,
  parameters: Operand,
  gradient?: Operand,
  s?: Operand,
): Float64Array {
  const samples = [arena.input(dtype, x), x.rs, x.cs, arena.input(dtype, y), y.cs] as const;
  const weights = weightsOf(arena, dtype, s);
  const p = arena.input(dtype, parameters);
  const g = gradient && arena.output(dtype, gradient);
  const scratch = arena.scratch(arena.ask(`softmax_scratch_${dtype}`, x.rows, n_k));
  const sizes = [x.rows, n_k, x.cols] as const;
  const loss = arena.call(`softmax_gradient_${dtype}`, ...sizes, ...samples, ...weights, p, g?.at ?? 0, scratch);
  return Float64Array.of(loss, ...(g?.read() ?? []));
}

/**
 * [ parameters | gradient | what the optimizer keeps ] after one step; numbers: the scalars in the ABI's order. Without
 * momentum there is none, and nothing to keep.
 */
export function optimizerStep(
  arena: Arena,
  name: "gradient_step" | "adam_step",
  dtype: Dtype,
  n_w: number,
  numbers: readonly number[],
  operands: readonly Operand[],
): Float64Array {
  const outputs = operands.map((operand) => arena.output(dtype, operand));
  const places = outputs.map(({ at }) => at);
  const scalars = places.length > 2 ? numbers : [...numbers, Number.NaN];
  if (places.length === 2) places.push(0);
  arena.call(`${name}_${dtype}`, operands[0]!.cols, n_w, ...scalars, ...places);
  return Float64Array.from(outputs.flatMap((output) => [...output.read()]));
}
