/**
 * Matrix product with any strides: C = alpha·A·B + beta·C, A (m, k), B (k, n), C (m, n).
 *
 * Every element is the sum over p = 0, 1, … in that order within blocks of KC, whatever the sizes,
 * strides and path: vectors run along n, never along k, so no path needs a horizontal sum and a
 * transposed operand gives the same bits.
 *
 * One micro-kernel serves every shape. It holds a tile of C in registers, reads a number from each row of
 * A through a pointer of its own, and two vectors from each row of B; rows of either may lie any distance
 * apart. So an operand is packed only where that pays: B when its columns are not contiguous, or when it
 * outgrows the first-level cache and enough rows of A share the work; A when its rows are not contiguous.
 *
 * Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008:
 *
 *   for each NC columns of C, for each KC of k:   pack B (KC × NC) into panels of NR columns
 *     for each MC rows of C:                      pack A (MC × KC) into panels of MR rows
 *       for each tile of C:                       the micro-kernel
 *
 *   a panel of A: MR elements of column p, then of p + 1, …      of B: NR elements of row p, …
 */
import { copy } from "./copy";
import { tile1, tile2, tile4, tile5, tile6 } from "./tile";
import { at, bytes, fused, lanes, loadPart, madd, splat, storePart } from "./vec";
import { vectorByColumns, vectorByRows } from "./vector-matrix";

/** Rows of a full tile. With 2 vectors a row, 12 accumulators fit when multiply-add is one instruction;
 * without, the product needs a register of its own and 10 fit (6×2 spills: 29 against 44 GFLOP/s). */
function MR(): i32 {
  return fused() ? MOST_ROWS : 5;
}

const MOST_ROWS: i32 = 6;

/** Columns of a tile: two vectors. */
function NR<T extends number>(): i32 {
  return 2 * lanes<T>();
}

const MC: i32 = 30; // a multiple of 5 and 6; MC·KC of A stays in the second-level cache
const KC: i32 = 512; // KC·NR of B stays in the first-level cache
const NC: i32 = 256;

/** Bytes of B that the first-level cache holds beside the rest; a larger B is worth packing. */
const NEAR: i32 = 20480;

function roundUp(n: i32, step: i32): i32 {
  return ((n + step - 1) / step) * step;
}

/** Bytes of scratch that gemm needs for these sizes in any build: packed A, packed B and one spare tile. */
export function gemmScratch<T extends number>(m: i32, n: i32, k: i32): usize {
  // gemm may exchange m and n, so take what serves both.
  const long = min(max(m, n), NC);
  const kc = min(k, KC);
  const rows = min(max(m, n), MC) + MOST_ROWS - 1; // no fewer than the panels of A have
  return bytes<T>((rows + roundUp(long, NR<T>())) * kc + MOST_ROWS * NR<T>());
}

/** c = alpha·sum + beta·c for the first `count` lanes; without `keep`, c is never read. */
function merge<T extends number>(
  c: usize,
  c_cs: i32,
  sum: v128,
  alpha: f64,
  beta: f64,
  keep: bool,
  count: i32,
): void {
  const step = bytes<T>(c_cs);
  sum = v128.mul<T>(sum, splat<T>(alpha));
  if (keep) sum = madd<T>(splat<T>(beta), loadPart<T>(c, step, count), sum);
  storePart<T>(c, sum, step, count);
}

/** `merge` for rows × cols sums at `sums`, rows 32 bytes apart. */
function mergeTile<T extends number>(
  rows: i32,
  cols: i32,
  sums: usize,
  alpha: f64,
  beta: f64,
  keep: bool,
  c: usize,
  c_rs: i32,
  c_cs: i32,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j += lanes<T>()) {
      const sum = v128.load(sums + 32 * <usize>i + bytes<T>(j));
      merge<T>(at<T>(c, i * c_rs + j * c_cs), c_cs, sum, alpha, beta, keep, min(cols - j, lanes<T>()));
    }
  }
}

/** c += sums for rows of two vectors, c's `c_rs` bytes apart: what `mergeTile` does for alpha = beta = 1. */
function addTile<T extends number>(rows: i32, sums: usize, c: usize, c_rs: usize): void {
  for (; rows > 0; rows--, sums += 32, c += c_rs) {
    v128.store(c, v128.add<T>(v128.load(c), v128.load(sums)));
    v128.store(c, v128.add<T>(v128.load(c, 16), v128.load(sums, 16)), 16);
  }
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
  const step = bytes<T>(x_rs);
  const panel = bytes<T>(rows * width);
  const whole = x_cs == 1 ? cols : 0; // columns that rows of whole vectors can come from
  let j = 0;
  if (width == NR<T>()) {
    for (; j + 2 * width <= whole; j += 2 * width, out += 2 * panel)
      packTwo<T>(rows, at<T>(x, j), step, out, panel);
  }
  for (; j < cols; j += width, out += panel) {
    const w = min(width, cols - j);
    const from = at<T>(x, j * x_cs);
    if (j + roundUp(width, lanes<T>()) <= whole) {
      packRows<T>(width, rows, from, step, out);
    } else {
      if (w < width) memory.fill(out, 0, panel);
      copy<T>(rows, w, from, x_rs, x_cs, out, width, 1);
    }
  }
}

/** Two panels of B that lie side by side, so that each cache line of B is read once. Steps in bytes. */
function packTwo<T extends number>(rows: i32, x: usize, x_rs: usize, out: usize, panel: usize): void {
  let second = out + panel;
  for (; rows > 0; rows--, x += x_rs, out += 32, second += 32) {
    v128.store(out, v128.load(x));
    v128.store(out, v128.load(x, 16), 16);
    v128.store(second, v128.load(x, 32));
    v128.store(second, v128.load(x, 48), 16);
  }
}

/** A panel in whole vectors: what a row writes past its end, the next row or panel overwrites. */
function packRows<T extends number>(width: i32, rows: i32, x: usize, x_rs: usize, out: usize): void {
  const three = width > NR<T>();
  for (; rows > 0; rows--, x += x_rs, out += bytes<T>(width)) {
    v128.store(out, v128.load(x));
    v128.store(out, v128.load(x, 16), 16);
    if (three) v128.store(out, v128.load(x, 32), 32);
  }
}

/** c = beta·c, for a product over nothing. */
function scaleOnly<T extends number>(m: i32, n: i32, beta: f64, keep: bool, c: usize, c_rs: i32, c_cs: i32): void {
  const zero = splat<T>(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j += lanes<T>()) {
      merge<T>(at<T>(c, i * c_rs + j * c_cs), c_cs, zero, 0, beta, keep, min(n - j, lanes<T>()));
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
  const keep = <T>beta != <T>0; // as rounded, or a beta that rounds to 0 would still read C
  if (k == 0) {
    scaleOnly<T>(m, n, beta, keep, c, c_rs, c_cs);
    return;
  }
  if (c_cs == 1 && alpha == 1 && (!keep || beta == 1)) {
    // A tile of few terms is over before it has begun, so rows of C are made one by one if they are long.
    if (b_cs == 1 && (m == 1 || (k <= 4 && n >= 4 * NR<T>()))) {
      const room = NC * min(k, KC); // scratch for this n and k is at least as large, or for all of n
      for (let i = 0; i < m; i++) {
        const row = at<T>(a, i * a_rs);
        vectorByRows<T>(n, k, KC, row, a_cs, b, b_rs, keep, at<T>(c, i * c_rs), scratch, room);
      }
      return;
    }
    if (m == 1 && b_rs == 1) {
      const done = vectorByColumns<T>(n, k, KC, a, a_cs, b, b_cs, keep, c);
      if (done == n) return;
      n -= done;
      b = at<T>(b, done * b_cs);
      c = at<T>(c, done);
    }
  }
  for (let j = 0; j < n; j += NC) {
    for (let p = 0; p < k; p += KC) {
      const first = p == 0;
      block<T>(
        m,
        min(n - j, NC),
        min(k - p, KC),
        at<T>(a, p * a_cs),
        a_rs,
        a_cs,
        at<T>(b, p * b_rs + j * b_cs),
        b_rs,
        b_cs,
        alpha,
        first ? beta : 1,
        first ? keep : true,
        at<T>(c, j * c_cs),
        c_rs,
        c_cs,
        scratch,
      );
    }
  }
}

/** gemm for n <= NC and 0 < k <= KC. */
function block<T extends number>(
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
  keep: bool,
  c: usize,
  c_rs: i32,
  c_cs: i32,
  scratch: usize,
): void {
  const plain = c_cs == 1 && alpha == 1 && (!keep || beta == 1);
  const overwrite = plain && !keep;
  const full = MR();
  const spare = scratch;
  const packedA = spare + bytes<T>(full * NR<T>());
  const packedB = packedA + bytes<T>(roundUp(min(m, MC), full) * k);

  const packB = b_cs != 1 || n < NR<T>() || (m > 2 * full && <i32>bytes<T>(k * n) > NEAR);
  if (packB) packPanels<T>(NR<T>(), k, n, b, b_rs, b_cs, packedB);
  const panelStep = packB ? bytes<T>(NR<T>() * k) : bytes<T>(NR<T>());
  const panelB = packB ? packedB : b;
  const rowB = packB ? bytes<T>(NR<T>()) : bytes<T>(b_rs);
  const packA = a_cs != 1 && n > NR<T>() && <i32>bytes<T>(k) * m > NEAR;

  for (let i = 0; i < m; i += MC) {
    const mc = min(m - i, MC);
    const block_a = at<T>(a, i * a_rs);
    if (packA) packPanels<T>(full, k, mc, block_a, a_cs, a_rs, packedA);
    for (let jr = 0; jr < n; jr += NR<T>()) {
      // The last columns of a B that lies where it is are read as part of a whole tile further left.
      const missing = packB ? 0 : max(jr + NR<T>() - n, 0);
      const tileB = panelB + panelStep * <usize>(jr / NR<T>()) - bytes<T>(missing);
      const cols = min(n - jr, NR<T>());
      const whole = overwrite && cols == NR<T>();
      for (let ir = 0; ir < mc; ) {
        const rows = tileRows(mc - ir, full, packA);
        const within = packA ? ir % full : 0; // a panel
        const tileA = packA ? at<T>(packedA, (ir - within) * k + within) : at<T>(block_a, ir * a_rs);
        const stepRow = packA ? bytes<T>(1) : bytes<T>(a_rs);
        const stepCol = packA ? bytes<T>(full) : bytes<T>(a_cs);
        const corner = at<T>(c, (i + ir) * c_rs + jr * c_cs);
        if (whole) {
          tile<T>(rows, k, tileA, stepRow, stepCol, tileB, rowB, corner, bytes<T>(c_rs));
        } else {
          tile<T>(rows, k, tileA, stepRow, stepCol, tileB, rowB, spare, 32);
          if (plain && cols == NR<T>()) addTile<T>(rows, spare, corner, bytes<T>(c_rs));
          else mergeTile<T>(rows, cols, spare + bytes<T>(missing), alpha, beta, keep, corner, c_rs, c_cs);
        }
        ir += rows;
      }
    }
  }
}

/** Rows of the next tile when `left` rows are left: a full tile, else 4, 2 or 1. */
function tileRows(left: i32, full: i32, panels: bool): i32 {
  // Not 6 + 2: two rows have too few sums to hide the latency. A panel has to be left whole.
  if (full == MOST_ROWS && left == 8 && !panels) return 4;
  if (left >= full) return full;
  return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** The micro-kernel for a number of rows that tileRows gives. */
function tile<T extends number>(
  rows: i32,
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  if (rows == 6) tile6<T>(k, a, a_rs, a_cs, b, b_rs, c, c_rs);
  else if (rows == 5) tile5<T>(k, a, a_rs, a_cs, b, b_rs, c, c_rs);
  else if (rows == 4) tile4<T>(k, a, a_rs, a_cs, b, b_rs, c, c_rs);
  else if (rows == 2) tile2<T>(k, a, a_rs, a_cs, b, b_rs, c, c_rs);
  else tile1<T>(k, a, a_rs, a_cs, b, b_rs, c, c_rs);
}
