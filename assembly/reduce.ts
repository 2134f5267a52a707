/**
 * Extremes and their positions along the rows of a matrix, and dot products. A caller reduces along the other
 * axis by exchanging strides.
 */
import { find } from "./search";
import { BLOCK } from "./sum";
import { at, bytes, gather, lanes, loadPart, madd, splat, storePart, sumLanes } from "./vec";

// ---- extremes -------------------------------------------------------------------------------------

/** An extreme of two vectors, NaN where either is NaN, and the value that is neutral to it. */
abstract class Extreme<T extends number> {
  abstract of(a: v128, b: v128): v128;
  abstract neutral(): f64;
}

/** The larger of two; −∞ of nothing. */
export class Largest<T extends number> extends Extreme<T> {
  of(a: v128, b: v128): v128 {
    return v128.max<T>(a, b);
  }
  neutral(): f64 {
    return -Infinity;
  }
}

/** The smaller of two; ∞ of nothing. */
export class Smallest<T extends number> extends Extreme<T> {
  of(a: v128, b: v128): v128 {
    return v128.min<T>(a, b);
  }
  neutral(): f64 {
    return Infinity;
  }
}

function extremeOfRow<T extends number, Op extends Extreme<T>>(n: i32, x: usize, x_s: i32): T {
  const op = changetype<Op>(0);
  const L = lanes<T>();
  const step = bytes<T>(x_s);
  let a = splat<T>(op.neutral()),
    b = a;
  let i = 0;
  if (x_s == 1) {
    for (; i + 2 * L <= n; i += 2 * L) {
      a = op.of(a, v128.load(at<T>(x, i)));
      b = op.of(b, v128.load(at<T>(x, i + L)));
    }
  } else {
    for (; i + L <= n; i += L) a = op.of(a, gather<T>(at<T>(x, i * x_s), step));
  }
  for (; i < n; i++) b = op.of(b, v128.splat<T>(load<T>(at<T>(x, i * x_s))));
  a = op.of(a, b);
  a = op.of(a, v128.shuffle<i64>(a, a, 1, 0));
  if (sizeof<T>() == 4) a = op.of(a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
  return v128.extract_lane<T>(a, 0);
}

/** out[i] = the extreme of x[i, :]. */
export function extremeOfRows<T extends number, Op extends Extreme<T>>(
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
  out_s: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  if (x_rs == 1 && x_cs != 1) {
    const op = changetype<Op>(0);
    for (let i = 0; i < rows; i += lanes<T>()) {
      const count = min(rows - i, lanes<T>());
      let a = splat<T>(op.neutral());
      let p = at<T>(x, i);
      for (let j = 0; j < cols; j++, p += bytes<T>(x_cs)) {
        a = op.of(a, count == lanes<T>() ? v128.load(p) : loadPart<T>(p, bytes<T>(1), count));
      }
      storePart<T>(at<T>(out, i * out_s), a, bytes<T>(out_s), count);
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    store<T>(at<T>(out, i * out_s), extremeOfRow<T, Op>(cols, at<T>(x, i * x_rs), x_cs));
  }
}

/** out[i] = the first position of the largest x[i, :] as f64, of the first NaN if there is one. */
export function argmaxOfRows<T extends number>(
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
  out_s: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  for (let i = 0; i < rows; i++) {
    const row = at<T>(x, i * x_rs);
    const largest = extremeOfRow<T, Largest<T>>(cols, row, x_cs);
    store<f64>(at<f64>(out, i * out_s), find<T>(cols, row, x_cs, largest));
  }
}

// ---- dot ------------------------------------------------------------------------------------------

function blockDot<T extends number>(n: i32, x: usize, x_s: i32, y: usize, y_s: i32): f64 {
  const L = lanes<T>();
  const x_step = bytes<T>(x_s);
  const y_step = bytes<T>(y_s);
  let s0 = splat<T>(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  let i = 0;
  if (x_s == 1 && y_s == 1) {
    for (; i + 4 * L <= n; i += 4 * L) {
      const p = at<T>(x, i);
      const q = at<T>(y, i);
      s0 = madd<T>(v128.load(p), v128.load(q), s0);
      s1 = madd<T>(v128.load(p, 16), v128.load(q, 16), s1);
      s2 = madd<T>(v128.load(p, 32), v128.load(q, 32), s2);
      s3 = madd<T>(v128.load(p, 48), v128.load(q, 48), s3);
    }
  } else {
    // The four take turns, as above.
    for (const end = n - (n % (4 * L)); i < end; i += L) {
      const sum = madd<T>(gather<T>(at<T>(x, i * x_s), x_step), gather<T>(at<T>(y, i * y_s), y_step), s0);
      s0 = s1;
      s1 = s2;
      s2 = s3;
      s3 = sum;
    }
  }
  for (; i < n; i += L) {
    const count = min(n - i, L);
    const u = loadPart<T>(at<T>(x, i * x_s), x_step, count);
    s0 = madd<T>(u, loadPart<T>(at<T>(y, i * y_s), y_step, count), s0);
  }
  return sumLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)));
}

/** Σ x[i]·y[i]. */
export function dot<T extends number>(n: i32, x: usize, x_s: i32, y: usize, y_s: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < n; i += BLOCK) {
    total += blockDot<T>(min(n - i, BLOCK), at<T>(x, i * x_s), x_s, at<T>(y, i * y_s), y_s);
  }
  return total;
}
