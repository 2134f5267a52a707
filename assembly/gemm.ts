/**
 * Matrix product with any strides: C = alpha·A·B + beta·C, A (m, k), B (k, n), C (m, n).
 *
 * Every element is the sum over p = 0, 1, … in that order within blocks of KC, whatever the sizes,
 * strides and path: vectors run along n, never along k, so no path needs a horizontal sum and a
 * transposed operand gives the same bits.
 *
 * Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008:
 *
 *   for each NC columns of C, for each KC of k:   pack B (KC × NC) into panels of NR columns
 *     for each MC rows of C:                      pack A (MC × KC) into panels of MR rows
 *       for each tile MR × NR of C:               the micro-kernel, all of the tile in registers
 *
 *   a panel of A: MR elements of column p, then of p + 1, …      of B: NR elements of row p, …
 *   Panels are padded with zeros, so the micro-kernel knows one size; partial tiles go through a
 *   spare tile in scratch.
 */
import { copy } from "./copy";
import { at, bytes, fused, gather, lanes, loadPart, loadSplat, madd, splat, storePart } from "./vec";

/** Rows of a tile. With 2 vectors a row, 12 accumulators fit when multiply-add is one instruction;
 * without, the product needs a register of its own and 10 fit (6×2 spills: 29 against 44 GFLOP/s). */
function MR(): i32 {
  return fused() ? 6 : 5;
}

/** Columns of a tile: two vectors. */
function NR<T extends number>(): i32 {
  return 2 * lanes<T>();
}

const MC: i32 = 120; // a multiple of 5 and 6; MC·KC of A stays in the second-level cache
const KC: i32 = 256; // KC·NR of B stays in the first-level cache
const NC: i32 = 512;

/** Products of at most this many multiplications skip packing. */
const SMALL: i32 = 8192;

function roundUp(n: i32, step: i32): i32 {
  return ((n + step - 1) / step) * step;
}

/** Bytes of scratch that gemm needs for these sizes: packed A, packed B and one spare tile. */
export function gemmScratch<T extends number>(m: i32, n: i32, k: i32): usize {
  // gemm may exchange m and n, so take what serves both.
  const long = min(max(m, n), NC);
  const kc = min(k, KC);
  return bytes<T>((roundUp(min(max(m, n), MC), MR()) + roundUp(long, NR<T>())) * kc + MR() * NR<T>());
}

/** c = alpha·sum + beta·c for the first `count` lanes; beta = 0 never reads c. */
function merge<T extends number>(
  c: usize,
  c_cs: i32,
  sum: v128,
  alpha: v128,
  beta: v128,
  keep: bool,
  count: i32,
): void {
  const step = bytes<T>(c_cs);
  sum = v128.mul<T>(sum, alpha);
  if (c_cs == 1 && count == lanes<T>()) {
    v128.store(c, keep ? madd<T>(beta, v128.load(c), sum) : sum);
  } else {
    storePart<T>(c, keep ? madd<T>(beta, loadPart<T>(c, step, count), sum) : sum, step, count);
  }
}

/** merge for a whole row of n sums at `sums`. */
function mergeRow<T extends number>(
  n: i32,
  sums: usize,
  c: usize,
  c_cs: i32,
  alpha: v128,
  beta: v128,
  keep: bool,
): void {
  for (let j = 0; j < n; j += lanes<T>()) {
    merge<T>(at<T>(c, j * c_cs), c_cs, v128.load(at<T>(sums, j)), alpha, beta, keep, min(n - j, lanes<T>()));
  }
}

/**
 * The micro-kernel: `tile` (MR × NR, contiguous rows `stride` bytes apart) = panel of A · panel of B,
 * or, with `add`, c = alpha·(A·B) + beta·c in place.
 */
function tile<T extends number>(
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  stride: usize,
  alpha: v128,
  beta: v128,
  add: bool,
  keep: bool,
): void {
  let c00 = splat<T>(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00;
  let c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  const end = a + bytes<T>(k * MR());
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a + bytes<T>(1));
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a + bytes<T>(2));
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a + bytes<T>(3));
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    x = loadSplat<T>(a + bytes<T>(4));
    c40 = madd<T>(x, b0, c40);
    c41 = madd<T>(x, b1, c41);
    if (fused()) {
      x = loadSplat<T>(a + bytes<T>(5));
      c50 = madd<T>(x, b0, c50);
      c51 = madd<T>(x, b1, c51);
    }
    a += bytes<T>(MR());
    b += 32;
  }
  storePair<T>(c, c00, c01, alpha, beta, add, keep);
  storePair<T>(c + 1 * stride, c10, c11, alpha, beta, add, keep);
  storePair<T>(c + 2 * stride, c20, c21, alpha, beta, add, keep);
  storePair<T>(c + 3 * stride, c30, c31, alpha, beta, add, keep);
  storePair<T>(c + 4 * stride, c40, c41, alpha, beta, add, keep);
  if (fused()) storePair<T>(c + 5 * stride, c50, c51, alpha, beta, add, keep);
}

function storePair<T extends number>(
  c: usize,
  s0: v128,
  s1: v128,
  alpha: v128,
  beta: v128,
  add: bool,
  keep: bool,
): void {
  if (add) {
    s0 = v128.mul<T>(s0, alpha);
    s1 = v128.mul<T>(s1, alpha);
    if (keep) {
      s0 = madd<T>(beta, v128.load(c), s0);
      s1 = madd<T>(beta, v128.load(c, 16), s1);
    }
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** Packs x (rows, cols) into panels of `width` columns, each row contiguous, padded with zeros. */
function packPanels<T extends number>(
  width: i32,
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
): void {
  for (let j = 0; j < cols; j += width) {
    const w = min(width, cols - j);
    if (w < width) memory.fill(out, 0, bytes<T>(rows * width));
    copy<T>(rows, w, at<T>(x, j * x_cs), x_rs, x_cs, out, width, 1);
    out += bytes<T>(rows * width);
  }
}

/** One block of k without packing: rows of C one at a time, one vector of columns at a time. */
function direct<T extends number>(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  a_rs: i32,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  b_cs: i32,
  alpha: v128,
  beta: v128,
  keep: bool,
  c: usize,
  c_rs: i32,
  c_cs: i32,
): void {
  const L = lanes<T>();
  const b_step = bytes<T>(b_cs);
  for (let j = 0; j < n; j += L) {
    const count = min(n - j, L);
    for (let i = 0; i < m; i++) {
      let x = at<T>(a, i * a_rs);
      let y = at<T>(b, j * b_cs);
      let sum = splat<T>(0);
      if (count < L) {
        for (let p = 0; p < k; p++, x += bytes<T>(a_cs), y += bytes<T>(b_rs)) {
          sum = madd<T>(loadSplat<T>(x), loadPart<T>(y, b_step, count), sum);
        }
      } else if (b_cs == 1) {
        for (let p = 0; p < k; p++, x += bytes<T>(a_cs), y += bytes<T>(b_rs)) {
          sum = madd<T>(loadSplat<T>(x), v128.load(y), sum);
        }
      } else {
        for (let p = 0; p < k; p++, x += bytes<T>(a_cs), y += bytes<T>(b_rs)) {
          sum = madd<T>(loadSplat<T>(x), gather<T>(y, b_step), sum);
        }
      }
      merge<T>(at<T>(c, i * c_rs + j * c_cs), c_cs, sum, alpha, beta, keep, count);
    }
  }
}

/** c = beta·c, for a product over nothing. */
function scaleOnly<T extends number>(m: i32, n: i32, beta: v128, keep: bool, c: usize, c_rs: i32, c_cs: i32): void {
  const zero = splat<T>(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j += lanes<T>()) {
      merge<T>(at<T>(c, i * c_rs + j * c_cs), c_cs, zero, zero, beta, keep, min(n - j, lanes<T>()));
    }
  }
}

/** C = alpha·A·B + beta·C. C must not overlap A or B. Scratch: gemmScratch<T>(m, n, k) bytes. */
export function gemm<T extends number>(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  a_rs: i32,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  b_cs: i32,
  alpha: f64,
  beta: f64,
  c: usize,
  c_rs: i32,
  c_cs: i32,
  scratch: usize,
): void {
  assert(m >= 0 && n >= 0 && k >= 0);
  assert(c >= __heap_base && scratch >= __heap_base);
  // Cᵀ = Bᵀ·Aᵀ turns a C that is contiguous down its columns into one that is contiguous along its rows.
  if (c_rs == 1 && (c_cs != 1 || n == 1) && m > 1) {
    gemm<T>(n, m, k, b, b_cs, b_rs, a, a_cs, a_rs, alpha, beta, c, c_cs, c_rs, scratch);
    return;
  }
  const alphas = splat<T>(alpha);
  const betas = splat<T>(beta);
  const ones = splat<T>(1);
  const keep = <T>beta != <T>0;
  if (k == 0) scaleOnly<T>(m, n, betas, keep, c, c_rs, c_cs);
  const small = <i64>m * <i64>n * <i64>k <= <i64>SMALL;

  for (let p = 0; p < k; p += KC) {
    const kc = min(k - p, KC);
    const first = p == 0;
    const scale = first ? betas : ones;
    const read = !first || keep;
    const a_p = at<T>(a, p * a_cs);
    const b_p = at<T>(b, p * b_rs);
    if (small) direct<T>(m, n, kc, a_p, a_rs, a_cs, b_p, b_rs, b_cs, alphas, scale, read, c, c_rs, c_cs);
    else packed<T>(m, n, kc, a_p, a_rs, a_cs, b_p, b_rs, b_cs, alphas, scale, read, c, c_rs, c_cs, scratch);
  }
}

/** One block of k, packed. */
function packed<T extends number>(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  a_rs: i32,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  b_cs: i32,
  alpha: v128,
  beta: v128,
  keep: bool,
  c: usize,
  c_rs: i32,
  c_cs: i32,
  scratch: usize,
): void {
  const spare = scratch;
  const packedA = spare + bytes<T>(MR() * NR<T>());
  const packedB = packedA + bytes<T>(roundUp(min(m, MC), MR()) * k);
  for (let j = 0; j < n; j += NC) {
    const nc = min(n - j, NC);
    packPanels<T>(NR<T>(), k, nc, at<T>(b, j * b_cs), b_rs, b_cs, packedB);
    for (let i = 0; i < m; i += MC) {
      const mc = min(m - i, MC);
      packPanels<T>(MR(), k, mc, at<T>(a, i * a_rs), a_cs, a_rs, packedA);
      for (let jr = 0; jr < nc; jr += NR<T>()) {
        const nr = min(nc - jr, NR<T>());
        const panelB = at<T>(packedB, jr * k);
        for (let ir = 0; ir < mc; ir += MR()) {
          const mr = min(mc - ir, MR());
          const panelA = at<T>(packedA, ir * k);
          const corner = at<T>(c, (i + ir) * c_rs + (j + jr) * c_cs);
          if (mr == MR() && nr == NR<T>() && c_cs == 1) {
            tile<T>(k, panelA, panelB, corner, bytes<T>(c_rs), alpha, beta, true, keep);
          } else {
            tile<T>(k, panelA, panelB, spare, 32, alpha, beta, false, keep);
            for (let row = 0; row < mr; row++) {
              mergeRow<T>(nr, spare + 32 * <usize>row, at<T>(corner, row * c_rs), c_cs, alpha, beta, keep);
            }
          }
        }
      }
    }
  }
}
