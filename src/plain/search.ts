/** The first place of values that training cannot use. */
import type { Pointer } from "./memory.ts";

/** Position i·cols + j of a NaN or infinity in x, the first in the order of rows or of memory; else −1. */
export function findNonFinite(rows: number, cols: number, x: Pointer, x_rs: number, x_cs: number): number {
  if (x_rs === 1 && x_cs !== 1) {
    const found = findNonFinite(cols, rows, x, x_cs, x_rs);
    return found < 0 ? -1 : (found % rows) * cols + Math.floor(found / rows);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (!Number.isFinite(x.memory[x.at + i * x_rs + j * x_cs]!)) return i * cols + j;
    }
  }
  return -1;
}

/** First i where y[i] is none of the class numbers 0 … classes − 1, else −1. */
export function findNonClass(n: number, classes: number, { memory: Y, at: y }: Pointer, y_s: number): number {
  for (let i = 0; i < n; i++) {
    const label = Y[y + i * y_s]!;
    if (!(label >= 0 && label < classes && label === Math.floor(label))) return i;
  }
  return -1;
}
