/**
 * The micro-kernel of gemm: c = A·B for a few rows of A and two vectors of columns.
 *
 * Strides are in bytes. Rows of A lie a_rs apart and are read through a pointer each, elements of a row a_cs
 * apart; rows of B and of c are two contiguous vectors, b_rs and c_rs apart.
 *
 * Straight stores end each function. A branch there, such as one that adds to c, makes V8 move all loads of a
 * turn before all its multiplications, and four of the twelve accumulators are then spilled on every turn
 * (33 instead of 55 GFLOP/s); so does a scalar that stays alive across the loop.
 */
import { loadSplat, madd, splat } from "./vec";

/** 6 rows: as many as the registers hold where multiply-add is one instruction. */
export function tile6<T extends number>(
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  let c00 = splat<T>(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  let a1 = a + a_rs;
  let a2 = a1 + a_rs;
  let a3 = a2 + a_rs;
  let a4 = a3 + a_rs;
  let a5 = a4 + a_rs;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a1);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a2);
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a3);
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    x = loadSplat<T>(a4);
    c40 = madd<T>(x, b0, c40);
    c41 = madd<T>(x, b1, c41);
    x = loadSplat<T>(a5);
    c50 = madd<T>(x, b0, c50);
    c51 = madd<T>(x, b1, c51);
    b += b_rs;
    a += a_cs;
    a1 += a_cs;
    a2 += a_cs;
    a3 += a_cs;
    a4 += a_cs;
    a5 += a_cs;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + c_rs, c10);
  v128.store(c + c_rs, c11, 16);
  v128.store(c + 2 * c_rs, c20);
  v128.store(c + 2 * c_rs, c21, 16);
  v128.store(c + 3 * c_rs, c30);
  v128.store(c + 3 * c_rs, c31, 16);
  v128.store(c + 4 * c_rs, c40);
  v128.store(c + 4 * c_rs, c41, 16);
  v128.store(c + 5 * c_rs, c50);
  v128.store(c + 5 * c_rs, c51, 16);
}

/** 5 rows: as many as the registers hold where it is two. */
export function tile5<T extends number>(
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  let c00 = splat<T>(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00;
  let a1 = a + a_rs;
  let a2 = a1 + a_rs;
  let a3 = a2 + a_rs;
  let a4 = a3 + a_rs;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a1);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a2);
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a3);
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    x = loadSplat<T>(a4);
    c40 = madd<T>(x, b0, c40);
    c41 = madd<T>(x, b1, c41);
    b += b_rs;
    a += a_cs;
    a1 += a_cs;
    a2 += a_cs;
    a3 += a_cs;
    a4 += a_cs;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + c_rs, c10);
  v128.store(c + c_rs, c11, 16);
  v128.store(c + 2 * c_rs, c20);
  v128.store(c + 2 * c_rs, c21, 16);
  v128.store(c + 3 * c_rs, c30);
  v128.store(c + 3 * c_rs, c31, 16);
  v128.store(c + 4 * c_rs, c40);
  v128.store(c + 4 * c_rs, c41, 16);
}

/** 4 rows. */
export function tile4<T extends number>(
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  let c00 = splat<T>(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  let a1 = a + a_rs;
  let a2 = a1 + a_rs;
  let a3 = a2 + a_rs;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a1);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a2);
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a3);
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    b += b_rs;
    a += a_cs;
    a1 += a_cs;
    a2 += a_cs;
    a3 += a_cs;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + c_rs, c10);
  v128.store(c + c_rs, c11, 16);
  v128.store(c + 2 * c_rs, c20);
  v128.store(c + 2 * c_rs, c21, 16);
  v128.store(c + 3 * c_rs, c30);
  v128.store(c + 3 * c_rs, c31, 16);
}

/** 2 rows. */
export function tile2<T extends number>(
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  let c00 = splat<T>(0),
    c01 = c00,
    c10 = c00,
    c11 = c00;
  let a1 = a + a_rs;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a1);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    b += b_rs;
    a += a_cs;
    a1 += a_cs;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + c_rs, c10);
  v128.store(c + c_rs, c11, 16);
}

/** 1 row. */
export function tile1<T extends number>(
  k: i32,
  a: usize,
  a_rs: usize,
  a_cs: usize,
  b: usize,
  b_rs: usize,
  c: usize,
  c_rs: usize,
): void {
  let c00 = splat<T>(0),
    c01 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    b += b_rs;
    a += a_cs;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
}
