/**
 * Moving matrices between memory orders: pack, transpose, pick columns. Nothing here calculates.
 */
import { at, bytes, gather, lanes, loadPart, scatter, storePart, transposeTile } from "./vec";

/** out[i] = x[i] for n elements, strides in elements. */
function copyRow<T extends number>(n: i32, x: usize, x_s: i32, out: usize, out_s: i32): void {
  const end = n & ~(lanes<T>() - 1);
  const x_step = bytes<T>(x_s);
  const out_step = bytes<T>(out_s);
  if (x_s == 1 && out_s == 1) {
    for (let i = 0; i < end; i += lanes<T>()) v128.store(at<T>(out, i), v128.load(at<T>(x, i)));
  } else {
    for (let i = 0; i < end; i += lanes<T>()) {
      scatter<T>(at<T>(out, i * out_s), gather<T>(at<T>(x, i * x_s), x_step), out_step);
    }
  }
  const rest = n - end;
  if (rest) storePart<T>(at<T>(out, end * out_s), loadPart<T>(at<T>(x, end * x_s), x_step, rest), out_step, rest);
}

/** out[i, j] = x[i, j]. Where the two have opposite memory orders, tiles are transposed in registers. */
export function copy<T extends number>(
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
  out_rs: i32,
  out_cs: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  if (out_cs != 1 && out_rs == 1) {
    copy<T>(cols, rows, x, x_cs, x_rs, out, out_cs, out_rs);
    return;
  }
  let i = 0;
  if (x_rs == 1 && x_cs != 1 && out_cs == 1) {
    const L = lanes<T>();
    const endCols = cols & ~(L - 1);
    for (; i + L <= rows; i += L) {
      for (let j = 0; j < endCols; j += L) {
        const p = at<T>(x, i + j * x_cs);
        transposeTile<T>(p, bytes<T>(x_cs), at<T>(out, i * out_rs + j), bytes<T>(out_rs));
      }
      for (let j = endCols; j < cols; j++) {
        scatter<T>(at<T>(out, i * out_rs + j), v128.load(at<T>(x, i + j * x_cs)), bytes<T>(out_rs));
      }
    }
  }
  for (; i < rows; i++) copyRow<T>(cols, at<T>(x, i * x_rs), x_cs, at<T>(out, i * out_rs), out_cs);
}

/** out[:, j] = x[:, index[j]] for `count` unsigned 32-bit indices. */
export function takeColumns<T extends number>(
  rows: i32,
  count: i32,
  index: usize,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
  out_rs: i32,
  out_cs: i32,
): void {
  for (let j = 0; j < count; j++) {
    const column = at<T>(x, load<i32>(at<i32>(index, j)) * x_cs);
    copyRow<T>(rows, column, x_rs, at<T>(out, j * out_cs), out_rs);
  }
}
