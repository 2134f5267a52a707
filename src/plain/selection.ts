/** Comparing and choosing: a op b as 1 or 0, and where(condition, a, b). */
import type { Pointer } from "./memory.ts";

/** 1 where a = b, else 0; NaN equals nothing. */
export function equal(a: number, b: number): number {
  return a === b ? 1 : 0;
}

/** 1 where a < b, else 0, and where either is NaN. */
export function less(a: number, b: number): number {
  return a < b ? 1 : 0;
}

/** 1 where a ≤ b, else 0, and where either is NaN. */
export function lessEqual(a: number, b: number): number {
  return a <= b ? 1 : 0;
}

/** out[i] = c[i] ≠ 0 ? a[i] : b[i]; NaN is not 0. */
export function where(
  n: number,
  { memory: C, at: c }: Pointer,
  c_s: number,
  { memory: A, at: a }: Pointer,
  a_s: number,
  { memory: B, at: b }: Pointer,
  b_s: number,
  { memory: Out, at: out }: Pointer,
  out_s: number,
): void {
  for (let i = 0; i < n; i++) {
    Out[out + i * out_s] = C[c + i * c_s] !== 0 ? A[a + i * a_s]! : B[b + i * b_s]!;
  }
}
