/**
 * Moving matrices between memory orders. Nothing here calculates: elements go word by word, one or two 32-bit words
 * each, since a number that an engine reads and writes may lose the bits of a NaN.
 */

/** out[i, j] = x[i, j], elements of `width` words. */
export function copy(
  width: number,
  rows: number,
  cols: number,
  x: Uint32Array,
  x_rs: number,
  x_cs: number,
  out: Uint32Array,
  out_rs: number,
  out_cs: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = width * (i * x_rs + j * x_cs);
      const to = width * (i * out_rs + j * out_cs);
      out[to] = x[from]!;
      if (width === 2) out[to + 1] = x[from + 1]!;
    }
  }
}

/** out[:, j] = x[:, index[j]] for `count` indices. */
export function takeColumns(
  width: number,
  rows: number,
  count: number,
  index: Uint32Array,
  x: Uint32Array,
  x_rs: number,
  x_cs: number,
  out: Uint32Array,
  out_rs: number,
  out_cs: number,
): void {
  for (let j = 0; j < count; j++) {
    const column = x.subarray(width * index[j]! * x_cs);
    copy(width, rows, 1, column, x_rs, 0, out.subarray(width * j * out_cs), out_rs, 0);
  }
}
