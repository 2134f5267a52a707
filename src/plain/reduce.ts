/** From a row to one number: sums, means, extremes and their positions; and dot products. */
import type { Numbers, Pointer } from "./memory.ts";

/** n elements of x from `start` on, x_s apart, to one number. */
export type Reduction = (n: number, x: Numbers, start: number, x_s: number) => number;

function sum(n: number, x: Numbers, start: number, x_s: number): number {
  let total = 0;
  for (let i = 0, p = start; i < n; i++, p += x_s) total += x[p]!;
  return total;
}

function max(n: number, x: Numbers, start: number, x_s: number): number {
  let largest = -Infinity;
  for (let i = 0, p = start; i < n; i++, p += x_s) largest = Math.max(largest, x[p]!);
  return largest;
}

function min(n: number, x: Numbers, start: number, x_s: number): number {
  let smallest = Infinity;
  for (let i = 0, p = start; i < n; i++, p += x_s) smallest = Math.min(smallest, x[p]!);
  return smallest;
}

/** The first position of the largest, of the first NaN if there is one, −1 of nothing. */
function argmax(n: number, x: Numbers, start: number, x_s: number): number {
  const largest = max(n, x, start, x_s);
  for (let i = 0, p = start; i < n; i++, p += x_s) {
    if (x[p] === largest || Number.isNaN(x[p]!)) return i;
  }
  return -1;
}

/** By the ABI's names. Of nothing: 0, NaN, −∞, ∞, −1. */
export const reductions = {
  sum,
  mean: (n, x, start, x_s) => sum(n, x, start, x_s) / n,
  max,
  min,
  argmax,
} satisfies Record<string, Reduction>;

/** out[i] = f(x[i, :]). */
export function reduceRows(
  f: Reduction,
  rows: number,
  cols: number,
  { memory: X, at: x }: Pointer,
  x_rs: number,
  x_cs: number,
  { memory: Out, at: out }: Pointer,
  out_s: number,
): void {
  for (let i = 0; i < rows; i++) Out[out + i * out_s] = f(cols, X, x + i * x_rs, x_cs);
}

/** Σ x[i]·y[i]. */
export function dot(
  n: number,
  { memory: X, at: x }: Pointer,
  x_s: number,
  { memory: Y, at: y }: Pointer,
  y_s: number,
): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += X[x + i * x_s]! * Y[y + i * y_s]!;
  return total;
}
