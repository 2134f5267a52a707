/** Products in plain JavaScript: typed arrays, the loop order that streams through memory. */
import type { Numbers } from "../inputs.ts";

/** c (m, n) = a (m, k) · b (k, n), i-k-j: the inner loop runs along rows of b and c. */
export function product(a: Numbers, b: Numbers, c: Numbers, m: number, n: number, k: number): void {
  c.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[p * n + j]!;
    }
  }
}

/** The same with four rows of b at a time, which saves three of four reads and writes of c. */
export function unrolledProduct(a: Numbers, b: Numbers, c: Numbers, m: number, n: number, k: number): void {
  c.fill(0);
  const whole = k - (k % 4);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < whole; p += 4) {
      const f0 = a[i * k + p]!;
      const f1 = a[i * k + p + 1]!;
      const f2 = a[i * k + p + 2]!;
      const f3 = a[i * k + p + 3]!;
      const r0 = p * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      for (let j = 0; j < n; j++) {
        c[i * n + j]! += f0 * b[r0 + j]! + f1 * b[r1 + j]! + f2 * b[r2 + j]! + f3 * b[r3 + j]!;
      }
    }
    for (let p = whole; p < k; p++) {
      const factor = a[i * k + p]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[p * n + j]!;
    }
  }
}

/** With a stored as (k, m). */
export function productTransposedA(a: Numbers, b: Numbers, c: Numbers, m: number, n: number, k: number): void {
  c.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[p * m + i]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[p * n + j]!;
    }
  }
}

/** With b stored as (n, k): both inner streams are contiguous, so the sum stays in a register. */
export function productTransposedB(a: Numbers, b: Numbers, c: Numbers, m: number, n: number, k: number): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[j * k + p]!;
      c[i * n + j] = sum;
    }
  }
}

/** With a stored as (k, m) and b as (n, k): c transposed is b · a, in the order of `product`. */
export function productTransposedBoth(
  a: Numbers,
  b: Numbers,
  c: Numbers,
  m: number,
  n: number,
  k: number,
  scratch: Numbers,
): void {
  product(b, a, scratch, n, m, k);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) c[i * n + j] = scratch[j * m + i]!;
}
