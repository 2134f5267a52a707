/**
 * Moving matrices between memory orders. Nothing here calculates: elements go word by word, one or two 32-bit words
 * each, since a number that an engine reads and writes may lose the bits of a NaN.
 */
import type { Pointer } from "./memory.ts";

/** A pointer to words. */
type Words = Pointer<Uint32Array>;

/** out[i, j] = x[i, j], elements of `width` words. */
export function copy(
  width: number,
  rows: number,
  cols: number,
  { memory: X, at: x }: Words,
  x_rs: number,
  x_cs: number,
  { memory: Out, at: out }: Words,
  out_rs: number,
  out_cs: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = x + width * (i * x_rs + j * x_cs);
      const to = out + width * (i * out_rs + j * out_cs);
      Out[to] = X[from]!;
      if (width === 2) Out[to + 1] = X[from + 1]!;
    }
  }
}

/** out[:, j] = x[:, index[j]] for `count` indices. */
export function takeColumns(
  width: number,
  rows: number,
  count: number,
  index: Words,
  x: Words,
  x_rs: number,
  x_cs: number,
  out: Words,
  out_rs: number,
  out_cs: number,
): void {
  for (let j = 0; j < count; j++) {
    const column = index.memory[index.at + j]!;
    const from = { memory: x.memory, at: x.at + width * column * x_cs };
    const to = { memory: out.memory, at: out.at + width * j * out_cs };
    copy(width, rows, 1, from, x_rs, 0, to, out_rs, 0);
  }
}
