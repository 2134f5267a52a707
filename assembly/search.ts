/** The first place of a value, and of values that training cannot use. */
import { at, bytes, lanes, loadPart, splat } from "./vec";

/** First i with x[i] == value, or with x[i] NaN if value is; −1 if there is none. */
export function find<T extends number>(n: i32, x: usize, x_s: i32, value: T): i32 {
  const L = lanes<T>();
  const step = bytes<T>(x_s);
  const wanted = v128.splat<T>(value);
  const nan = value != value;
  for (let i = 0; i < n; i += L) {
    const count = min(n - i, L);
    const p = at<T>(x, i * x_s);
    const v = x_s == 1 && count == L ? v128.load(p) : loadPart<T>(p, step, count);
    const hit = nan ? v128.ne<T>(v, v) : v128.eq<T>(v, wanted);
    const bits = laneBits<T>(hit) & ((1 << count) - 1);
    if (bits) return i + ctz(bits);
  }
  return -1;
}

/** One bit for each lane of a comparison. */
function laneBits<T extends number>(mask: v128): i32 {
  if (sizeof<T>() == 4) return i32x4.bitmask(mask);
  return i64x2.bitmask(mask);
}

/** Position i·cols + j of a NaN or infinity in x, the first in the order of rows or of memory; else −1. */
export function findNonFinite<T extends number>(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32): i32 {
  if (x_rs == 1 && x_cs != 1) {
    const found = findNonFinite<T>(cols, rows, x, x_cs, x_rs);
    return found < 0 ? -1 : (found % rows) * cols + found / rows;
  }
  const L = lanes<T>();
  const zero = splat<T>(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j += L) {
      const count = min(cols - j, L);
      const p = at<T>(x, i * x_rs + j * x_cs);
      const v = x_cs == 1 && count == L ? v128.load(p) : loadPart<T>(p, bytes<T>(x_cs), count);
      const bits = laneBits<T>(v128.ne<T>(v128.sub<T>(v, v), zero));
      if (bits) return i * cols + j + ctz(bits);
    }
  }
  return -1;
}

/** First i where y[i] is none of the class numbers 0 … classes − 1, else −1. */
export function findNonClass<T extends number>(n: i32, classes: f64, y: usize, y_s: i32): i32 {
  const L = lanes<T>();
  const zero = splat<T>(0);
  const end = splat<T>(classes);
  for (let i = 0; i < n; i += L) {
    const count = min(n - i, L);
    const p = at<T>(y, i * y_s);
    const v = y_s == 1 && count == L ? v128.load(p) : loadPart<T>(p, bytes<T>(y_s), count);
    const inside = v128.and(v128.ge<T>(v, zero), v128.lt<T>(v, end));
    // Lanes past the last label are 0, a class.
    const bits = laneBits<T>(v128.not(v128.and(inside, v128.eq<T>(v, v128.floor<T>(v)))));
    if (bits) return i + ctz(bits);
  }
  return -1;
}
