/** Products of matrices and of vectors. */
import * as core from "../index.ts";
import { reshaped } from "./arrays.ts";
import { binary } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

/** The matrix product: a (m, k) times b (k, n) is (m, n). da = g·bᵀ, db = aᵀ·g. */
export function matmul(a: Operand, b: Operand): Variable {
  return binary(
    "matmul",
    a,
    b,
    core.matmul,
    ({ g, b }) => core.matmul(g, b.T),
    ({ g, a }) => core.matmul(a.T, g),
  );
}

/** Σ a[i]·b[i] of two vectors, (n), (n, 1) or (1, n) in any combination: a variable of no axes. */
export function dot(a: Operand, b: Operand): Variable {
  return binary(
    "dot",
    a,
    b,
    core.dot,
    ({ g, a, b }) => core.mul(g, reshaped(b, a.shape)),
    ({ g, a, b }) => core.mul(g, reshaped(a, b.shape)),
  );
}
