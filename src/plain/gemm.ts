/**
 * C = alpha·A·B + beta·C for any strides: the three loops, cut into blocks that stay in the cache.
 *
 * A block of A and of Bᵀ is packed dense, so both are read along k; an element of C is Σ a·b with k ascending, in double
 * precision throughout, and is rounded once, whatever the block.
 */
import { type Numbers, scratchFor } from "./memory.ts";
import { pack } from "./pack.ts";

/** Rows, columns and depth of a block: three blocks of doubles take 96 KB. */
const BLOCK = 64;

/** Bytes of scratch: a block of A, of Bᵀ and of the sums. */
export function gemmScratch(m: number, n: number, k: number): number {
  const [rows, cols, depth] = [m, n, k].map((size) => Math.min(size, BLOCK)) as [number, number, number];
  return scratchFor(rows * depth + cols * depth + rows * cols);
}

/** sums += A·B of one block: a (rows, depth) and b (cols, depth) packed; four columns share the loads of a row. */
function addBlock(
  rows: number,
  cols: number,
  depth: number,
  a: Float64Array,
  b: Float64Array,
  sums: Float64Array,
): void {
  for (let j = 0; j < cols; j += 4) {
    const b0 = j * depth;
    // Past the last column the last one is computed again.
    const b1 = Math.min(j + 1, cols - 1) * depth;
    const b2 = Math.min(j + 2, cols - 1) * depth;
    const b3 = Math.min(j + 3, cols - 1) * depth;
    for (let i = 0; i < rows; i++) {
      const to = i * cols + j;
      let s0 = sums[to]!;
      let s1 = sums[to + 1]!;
      let s2 = sums[to + 2]!;
      let s3 = sums[to + 3]!;
      for (let p = 0, q = i * depth; p < depth; p++, q++) {
        const x = a[q]!;
        s0 += x * b[b0 + p]!;
        s1 += x * b[b1 + p]!;
        s2 += x * b[b2 + p]!;
        s3 += x * b[b3 + p]!;
      }
      sums[to] = s0;
      if (j + 1 < cols) sums[to + 1] = s1;
      if (j + 2 < cols) sums[to + 2] = s2;
      if (j + 3 < cols) sums[to + 3] = s3;
    }
  }
}

/** C = alpha·A·B + beta·C for A (m, k), B (k, n), C (m, n); beta = 0 never reads C. */
export function gemm(
  m: number,
  n: number,
  k: number,
  a: Numbers,
  a_rs: number,
  a_cs: number,
  b: Numbers,
  b_rs: number,
  b_cs: number,
  alpha: number,
  beta: number,
  c: Numbers,
  c_rs: number,
  c_cs: number,
  scratch: Float64Array,
): void {
  const depth = Math.min(k, BLOCK);
  const packedB = scratch.subarray(Math.min(m, BLOCK) * depth);
  const sums = packedB.subarray(Math.min(n, BLOCK) * depth);
  for (let i = 0; i < m; i += BLOCK) {
    const rows = Math.min(m - i, BLOCK);
    for (let j = 0; j < n; j += BLOCK) {
      const cols = Math.min(n - j, BLOCK);
      for (let q = 0; q < rows * cols; q++) sums[q] = 0;
      for (let p = 0; p < k; p += BLOCK) {
        const deep = Math.min(k - p, BLOCK);
        pack(rows, deep, a, i * a_rs + p * a_cs, a_rs, a_cs, scratch);
        pack(cols, deep, b, p * b_rs + j * b_cs, b_cs, b_rs, packedB);
        addBlock(rows, cols, deep, scratch, packedB, sums);
      }
      for (let r = 0, q = 0; r < rows; r++) {
        let to = (i + r) * c_rs + j * c_cs;
        for (let s = 0; s < cols; s++, q++, to += c_cs) {
          c[to] = beta === 0 ? alpha * sums[q]! : alpha * sums[q]! + beta * c[to]!;
        }
      }
    }
  }
}
