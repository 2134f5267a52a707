/** Copies of what a loop is about to read many times: dense, in double precision, whatever its dtype and memory order. */
import type { Pointer } from "./memory.ts";

/** out = x (rows, cols), row by row and nothing between. */
export function pack(
  rows: number,
  cols: number,
  { memory: X, at: x }: Pointer,
  x_rs: number,
  x_cs: number,
  out: Float64Array,
): void {
  // Memory is fast where it is read in its own order; the copy is small and in the cache.
  if (Math.abs(x_rs) < Math.abs(x_cs)) {
    for (let j = 0; j < cols; j++) {
      for (let i = 0, p = x + j * x_cs, q = j; i < rows; i++, p += x_rs, q += cols) out[q] = X[p]!;
    }
    return;
  }
  for (let i = 0, q = 0; i < rows; i++) {
    for (let j = 0, p = x + i * x_rs; j < cols; j++, p += x_cs, q++) out[q] = X[p]!;
  }
}
