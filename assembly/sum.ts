/**
 * Sums and means along the rows of a matrix. A caller sums along the other axis by exchanging strides.
 *
 * Sums of f32 run in f32 within blocks of BLOCK terms and in f64 over the blocks, so their error does
 * not grow with the length. The order of every sum depends on sizes and strides alone.
 *
 * A sum is as fast as its numbers are read. Processors fetch ahead in several runs of memory on their own, and one
 * run alone keeps too few cache lines on their way: so two blocks of a row are added side by side, and
 * eight columns.
 */
import { at, bytes, gather, lanes, loadPart, scatter, splat, storePart, sumLanes } from "./vec";

/** Terms that are added in T before they join a total in double precision. */
export const BLOCK: i32 = 4096;

// ---- contiguous rows ------------------------------------------------------------------------------

/** Σ x[i] over n <= BLOCK elements. */
function blockSum<T extends number>(n: i32, x: usize, x_s: i32): f64 {
  const L = lanes<T>();
  const step = bytes<T>(x_s);
  let s0 = splat<T>(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  let i = 0;
  if (x_s == 1) {
    for (; i + 4 * L <= n; i += 4 * L) {
      const p = at<T>(x, i);
      s0 = v128.add<T>(s0, v128.load(p));
      s1 = v128.add<T>(s1, v128.load(p, 16));
      s2 = v128.add<T>(s2, v128.load(p, 32));
      s3 = v128.add<T>(s3, v128.load(p, 48));
    }
  } else {
    // The four take turns, as above.
    for (const end = n - (n % (4 * L)); i < end; i += L) {
      const sum = v128.add<T>(s0, gather<T>(at<T>(x, i * x_s), step));
      s0 = s1;
      s1 = s2;
      s2 = s3;
      s3 = sum;
    }
  }
  for (; i < n; i += L) s0 = v128.add<T>(s0, loadPart<T>(at<T>(x, i * x_s), step, min(n - i, L)));
  return sumLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)));
}

/** total + the sums of two neighbouring blocks, each in the order of blockSum. */
function twoBlocks<T extends number>(total: f64, x: usize): f64 {
  let s0 = splat<T>(0),
    s1 = s0,
    s2 = s0,
    s3 = s0,
    t0 = s0,
    t1 = s0,
    t2 = s0,
    t3 = s0;
  const block = bytes<T>(BLOCK);
  for (const end = x + block; x < end; x += 64) {
    s0 = v128.add<T>(s0, v128.load(x));
    s1 = v128.add<T>(s1, v128.load(x, 16));
    s2 = v128.add<T>(s2, v128.load(x, 32));
    s3 = v128.add<T>(s3, v128.load(x, 48));
    const y = x + block;
    t0 = v128.add<T>(t0, v128.load(y));
    t1 = v128.add<T>(t1, v128.load(y, 16));
    t2 = v128.add<T>(t2, v128.load(y, 32));
    t3 = v128.add<T>(t3, v128.load(y, 48));
  }
  total += sumLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)));
  return total + sumLanes<T>(v128.add<T>(v128.add<T>(t0, t1), v128.add<T>(t2, t3)));
}

/** Σ x[i] over n elements. */
function rowSum<T extends number>(n: i32, x: usize, x_s: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  if (x_s == 1) for (; i + 2 * BLOCK <= n; i += 2 * BLOCK) total = twoBlocks<T>(total, at<T>(x, i));
  for (; i < n; i += BLOCK) total += blockSum<T>(min(n - i, BLOCK), at<T>(x, i * x_s), x_s);
  return total;
}

// ---- contiguous columns ---------------------------------------------------------------------------

/** The lanes low / divisor, and high / divisor in f32, rounded to T. */
function quotients<T extends number>(low: v128, high: v128, divisor: f64): v128 {
  const divisors = splat<f64>(divisor);
  low = v128.div<f64>(low, divisors);
  if (sizeof<T>() == 8) return low;
  high = v128.div<f64>(high, divisors);
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** The first two lanes in double precision. */
function lowHalf<T extends number>(sum: v128): v128 {
  return sizeof<T>() == 4 ? v128.promote_low<f32>(sum) : sum;
}

/** The last two of four lanes in double precision; of two lanes, nothing of use. */
function highHalf<T extends number>(sum: v128): v128 {
  return sizeof<T>() == 4 ? v128.promote_low<f32>(v128.shuffle<i64>(sum, sum, 1, 1)) : sum;
}

/** Sums of `count` <= lanes neighbouring rows at once. */
function vectorOfRows<T extends number>(
  count: i32,
  cols: i32,
  x: usize,
  x_cs: i32,
  divisor: f64,
  out: usize,
  out_s: i32,
): void {
  const step = bytes<T>(x_cs);
  let low = splat<f64>(0),
    high = low;
  for (let j = 0; j < cols; j += BLOCK) {
    let sum = splat<T>(0);
    const end = min(cols, j + BLOCK);
    let p = at<T>(x, j * x_cs);
    if (count == lanes<T>()) {
      for (let q = j; q < end; q++, p += step) sum = v128.add<T>(sum, v128.load(p));
    } else {
      for (let q = j; q < end; q++, p += step) sum = v128.add<T>(sum, loadPart<T>(p, bytes<T>(1), count));
    }
    low = v128.add<f64>(low, lowHalf<T>(sum));
    high = v128.add<f64>(high, highHalf<T>(sum));
  }
  storePart<T>(out, quotients<T>(low, high, divisor), bytes<T>(out_s), count);
}

/** Sums of as many neighbouring rows as a cache line holds: four vectors. */
function lineOfRows<T extends number>(cols: i32, x: usize, x_cs: i32, divisor: f64, out: usize, out_s: i32): void {
  const step = bytes<T>(x_cs);
  let low0 = splat<f64>(0),
    low1 = low0,
    low2 = low0,
    low3 = low0,
    high0 = low0,
    high1 = low0,
    high2 = low0,
    high3 = low0;
  for (let j = 0; j < cols; j += BLOCK) {
    let s0 = splat<T>(0),
      s1 = s0,
      s2 = s0,
      s3 = s0;
    for (let n = min(cols - j, BLOCK); n > 0; n--, x += step) {
      s0 = v128.add<T>(s0, v128.load(x));
      s1 = v128.add<T>(s1, v128.load(x, 16));
      s2 = v128.add<T>(s2, v128.load(x, 32));
      s3 = v128.add<T>(s3, v128.load(x, 48));
    }
    low0 = v128.add<f64>(low0, lowHalf<T>(s0));
    low1 = v128.add<f64>(low1, lowHalf<T>(s1));
    low2 = v128.add<f64>(low2, lowHalf<T>(s2));
    low3 = v128.add<f64>(low3, lowHalf<T>(s3));
    high0 = v128.add<f64>(high0, highHalf<T>(s0));
    high1 = v128.add<f64>(high1, highHalf<T>(s1));
    high2 = v128.add<f64>(high2, highHalf<T>(s2));
    high3 = v128.add<f64>(high3, highHalf<T>(s3));
  }
  const out_step = bytes<T>(out_s);
  const vector = <usize>lanes<T>() * out_step;
  scatter<T>(out, quotients<T>(low0, high0, divisor), out_step);
  scatter<T>(out + vector, quotients<T>(low1, high1, divisor), out_step);
  scatter<T>(out + 2 * vector, quotients<T>(low2, high2, divisor), out_step);
  scatter<T>(out + 3 * vector, quotients<T>(low3, high3, divisor), out_step);
}

/** out += the sum of eight columns, `step` bytes apart, of n elements: a multiple of the lanes. */
function addEight<T extends number>(n: i32, x: usize, step: usize, out: usize): void {
  let x1 = x + step;
  let x2 = x1 + step;
  let x3 = x2 + step;
  let x4 = x3 + step;
  let x5 = x4 + step;
  let x6 = x5 + step;
  let x7 = x6 + step;
  for (const end = at<T>(out, n); out < end; out += 16) {
    let sum = v128.add<T>(v128.load(out), v128.load(x));
    sum = v128.add<T>(sum, v128.load(x1));
    sum = v128.add<T>(sum, v128.load(x2));
    sum = v128.add<T>(sum, v128.load(x3));
    sum = v128.add<T>(sum, v128.load(x4));
    sum = v128.add<T>(sum, v128.load(x5));
    sum = v128.add<T>(sum, v128.load(x6));
    v128.store(out, v128.add<T>(sum, v128.load(x7)));
    x += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
    x4 += 16;
    x5 += 16;
    x6 += 16;
    x7 += 16;
  }
}

/** out += one such column. */
function addOne<T extends number>(n: i32, x: usize, out: usize): void {
  for (const end = at<T>(out, n); out < end; out += 16, x += 16) {
    v128.store(out, v128.add<T>(v128.load(out), v128.load(x)));
  }
}

/**
 * out[i] = Σ_j x[i, j] / divisor for one block of columns; rows: a multiple of the lanes. The sums of 16 KB of
 * rows, four pages of each column, stay in the first-level cache while the columns stream past them.
 */
function stripsOfRows<T extends number>(rows: i32, cols: i32, x: usize, x_cs: i32, divisor: f64, out: usize): void {
  assert(cols <= BLOCK);
  const strip = 16384 / <i32>sizeof<T>();
  const step = bytes<T>(x_cs);
  for (let i = 0; i < rows; i += strip) {
    const count = min(rows - i, strip);
    const sums = at<T>(out, i);
    memory.fill(sums, 0, bytes<T>(count));
    let p = at<T>(x, i);
    let j = 0;
    for (; j + 8 <= cols; j += 8, p += 8 * step) addEight<T>(count, p, step, sums);
    for (; j < cols; j++, p += step) addOne<T>(count, p, sums);
    if (divisor == 1) continue;
    for (let q = sums, end = at<T>(sums, count); q < end; q += 16) {
      const sum = v128.load(q);
      v128.store(q, quotients<T>(lowHalf<T>(sum), highHalf<T>(sum), divisor));
    }
  }
}

/** out[i] = Σ_j x[i, j] / divisor. */
export function sumRows<T extends number>(
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  divisor: f64,
  out: usize,
  out_s: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  const L = lanes<T>();
  let i = 0;
  if (x_rs == 1 && x_cs != 1) {
    // The same order of terms on all three ways.
    if (out_s == 1 && cols <= BLOCK && rows >= 16 * L) {
      i = rows & ~(L - 1);
      stripsOfRows<T>(i, cols, x, x_cs, divisor, out);
    }
    for (; i + 4 * L <= rows; i += 4 * L) {
      lineOfRows<T>(cols, at<T>(x, i), x_cs, divisor, at<T>(out, i * out_s), out_s);
    }
    for (; i < rows; i += L) {
      vectorOfRows<T>(min(rows - i, L), cols, at<T>(x, i), x_cs, divisor, at<T>(out, i * out_s), out_s);
    }
    return;
  }
  for (; i < rows; i++) {
    store<T>(at<T>(out, i * out_s), <T>(rowSum<T>(cols, at<T>(x, i * x_rs), x_cs) / divisor));
  }
}
