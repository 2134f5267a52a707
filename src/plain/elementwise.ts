/** Element by element: out = f(x) and out = f(a, b), a stride of 0 broadcasting. out may be exactly x, a or b. */
import { exp, log } from "./math.ts";
import type { Pointer } from "./memory.ts";
import { power } from "./power.ts";
import { equal, less, lessEqual } from "./selection.ts";

/** A function of one number. */
export type Unary = (x: number) => number;

/** A function of two numbers. */
export type Binary = (a: number, b: number) => number;

/** The functions of one number, by their names in the ABI. */
export const unaries = {
  negate: (x) => -x,
  absolute: Math.abs,
  square_root: Math.sqrt,
  exp,
  log,
} satisfies Record<string, Unary>;

/** The functions of two numbers. Math.max and Math.min are NaN where either is, as NumPy's. */
export const binaries = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  power,
  equal,
  less,
  less_equal: lessEqual,
} satisfies Record<string, Binary>;

/** out[i, j] = f(x[i, j]). */
export function unary(
  f: Unary,
  rows: number,
  cols: number,
  { memory: X, at: x }: Pointer,
  x_rs: number,
  x_cs: number,
  { memory: Out, at: out }: Pointer,
  out_rs: number,
  out_cs: number,
): void {
  for (let i = 0; i < rows; i++) {
    let from = x + i * x_rs;
    let to = out + i * out_rs;
    for (let j = 0; j < cols; j++, from += x_cs, to += out_cs) Out[to] = f(X[from]!);
  }
}

/** out[i, j] = f(a[i, j], b[i, j]). */
export function binary(
  f: Binary,
  rows: number,
  cols: number,
  { memory: A, at: a }: Pointer,
  a_rs: number,
  a_cs: number,
  { memory: B, at: b }: Pointer,
  b_rs: number,
  b_cs: number,
  { memory: Out, at: out }: Pointer,
  out_rs: number,
  out_cs: number,
): void {
  for (let i = 0; i < rows; i++) {
    let left = a + i * a_rs;
    let right = b + i * b_rs;
    let to = out + i * out_rs;
    for (let j = 0; j < cols; j++, left += a_cs, right += b_cs, to += out_cs) Out[to] = f(A[left]!, B[right]!);
  }
}
