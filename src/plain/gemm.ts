/**
 * C = alpha·A·B + beta·C for any strides: the three loops, cut into blocks that stay in the cache.
 *
 * A block of A and of Bᵀ is packed dense, so both are read along k; an element of C is Σ a·b with k ascending, in double
 * precision throughout, and is rounded once, whatever the block.
 */
import { after, type Pointer, scratchFor } from "./memory.ts";
import { pack } from "./pack.ts";

/** Rows, columns and depth of a block: three blocks of doubles take 96 KB. */
const BLOCK = 64;

/** Bytes of scratch: a block of A, of Bᵀ and of the sums. */
export function gemmScratch(m: number, n: number, k: number): number {
  const [rows, cols, depth] = [m, n, k].map((size) => Math.min(size, BLOCK)) as [number, number, number];
  return scratchFor(rows * depth + cols * depth + rows * cols);
}

/**
 * sums += A·B of one block: a (rows, depth) and b (cols, depth) packed. Two rows and four columns at a time: eight sums
 * share six loads, and an addition need not wait for the one before. Past the last row or column the last one is computed
 * again.
 */
function addBlock(
  rows: number,
  cols: number,
  depth: number,
  a: Float64Array,
  b: Float64Array,
  sums: Float64Array,
): void {
  for (let j = 0; j < cols; j += 4) {
    const [j1, j2, j3] = [Math.min(j + 1, cols - 1), Math.min(j + 2, cols - 1), Math.min(j + 3, cols - 1)];
    const [b0, b1, b2, b3] = [j * depth, j1 * depth, j2 * depth, j3 * depth];
    for (let i = 0; i < rows; i += 2) {
      const i1 = Math.min(i + 1, rows - 1);
      const [a0, a1] = [i * depth, i1 * depth];
      const [s, t] = [i * cols, i1 * cols];
      let s0 = sums[s + j]!;
      let s1 = sums[s + j1]!;
      let s2 = sums[s + j2]!;
      let s3 = sums[s + j3]!;
      let t0 = sums[t + j]!;
      let t1 = sums[t + j1]!;
      let t2 = sums[t + j2]!;
      let t3 = sums[t + j3]!;
      for (let p = 0; p < depth; p++) {
        const x0 = a[a0 + p]!;
        const x1 = a[a1 + p]!;
        const y0 = b[b0 + p]!;
        const y1 = b[b1 + p]!;
        const y2 = b[b2 + p]!;
        const y3 = b[b3 + p]!;
        s0 += x0 * y0;
        s1 += x0 * y1;
        s2 += x0 * y2;
        s3 += x0 * y3;
        t0 += x1 * y0;
        t1 += x1 * y1;
        t2 += x1 * y2;
        t3 += x1 * y3;
      }
      sums[s + j] = s0;
      sums[s + j1] = s1;
      sums[s + j2] = s2;
      sums[s + j3] = s3;
      sums[t + j] = t0;
      sums[t + j1] = t1;
      sums[t + j2] = t2;
      sums[t + j3] = t3;
    }
  }
}

/** C = alpha·A·B + beta·C for A (m, k), B (k, n), C (m, n); beta = 0 never reads C. */
export function gemm(
  m: number,
  n: number,
  k: number,
  a: Pointer,
  a_rs: number,
  a_cs: number,
  b: Pointer,
  b_rs: number,
  b_cs: number,
  alpha: number,
  beta: number,
  { memory: C, at: c }: Pointer,
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
        pack(rows, deep, after(a, i * a_rs + p * a_cs), a_rs, a_cs, scratch);
        pack(cols, deep, after(b, p * b_rs + j * b_cs), b_cs, b_rs, packedB);
        addBlock(rows, cols, deep, scratch, packedB, sums);
      }
      for (let r = 0, q = 0; r < rows; r++) {
        let to = c + (i + r) * c_rs + j * c_cs;
        for (let s = 0; s < cols; s++, q++, to += c_cs) {
          C[to] = beta === 0 ? alpha * sums[q]! : alpha * sums[q]! + beta * C[to]!;
        }
      }
    }
  }
}
