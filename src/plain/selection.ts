/** Comparing and choosing: a op b as 1 or 0, and where(condition, a, b). */
import type { Numbers } from "./memory.ts";

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
  c: Numbers,
  c_s: number,
  a: Numbers,
  a_s: number,
  b: Numbers,
  b_s: number,
  out: Numbers,
  out_s: number,
): void {
  for (let i = 0; i < n; i++) out[i * out_s] = c[i * c_s] !== 0 ? a[i * a_s]! : b[i * b_s]!;
}
