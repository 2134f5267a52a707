/**
 * What the machine can do at most, in the same engine and the same 128-bit vectors: multiply-adds between registers,
 * a stream read once, a block copied. The relaxed build fuses multiply and add, the simd build does not.
 */

/** x·y + z. */
function madd<T extends number>(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(x, y, z);
  return v128.add<T>(v128.mul<T>(x, y), z);
}

/** Constants of the loops, loaded: what an engine knows as a constant it may make anew for every use, as V8 13.6 does. */
const CONSTANTS = memory.data<f64>([0.999, 0.001, 0.5, 0.25]);

/** A vector of the number at p, an f64. */
function splatAt<T extends number>(p: usize): v128 {
  return v128.splat<T>(<T>load<f64>(p));
}

/**
 * Twelve independent chains of multiply-adds: more than latency times width of any processor of today, and with the
 * two constants they still fit into sixteen registers; four steps of each, since the loop itself costs a tenth of one. One
 * count is 48 vectors of multiply-adds.
 */
function chains<T extends number>(count: i32): f64 {
  const x = splatAt<T>(CONSTANTS);
  const y = splatAt<T>(CONSTANTS + 8);
  let a = v128.splat<T>(<T>1);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  let i = a;
  let j = a;
  let k = a;
  let l = a;
  for (let n = 0; n < count; n++) {
    a = madd<T>(a, x, y);
    b = madd<T>(b, x, y);
    c = madd<T>(c, x, y);
    d = madd<T>(d, x, y);
    e = madd<T>(e, x, y);
    f = madd<T>(f, x, y);
    g = madd<T>(g, x, y);
    h = madd<T>(h, x, y);
    i = madd<T>(i, x, y);
    j = madd<T>(j, x, y);
    k = madd<T>(k, x, y);
    l = madd<T>(l, x, y);
    a = madd<T>(a, x, y);
    b = madd<T>(b, x, y);
    c = madd<T>(c, x, y);
    d = madd<T>(d, x, y);
    e = madd<T>(e, x, y);
    f = madd<T>(f, x, y);
    g = madd<T>(g, x, y);
    h = madd<T>(h, x, y);
    i = madd<T>(i, x, y);
    j = madd<T>(j, x, y);
    k = madd<T>(k, x, y);
    l = madd<T>(l, x, y);
    a = madd<T>(a, x, y);
    b = madd<T>(b, x, y);
    c = madd<T>(c, x, y);
    d = madd<T>(d, x, y);
    e = madd<T>(e, x, y);
    f = madd<T>(f, x, y);
    g = madd<T>(g, x, y);
    h = madd<T>(h, x, y);
    i = madd<T>(i, x, y);
    j = madd<T>(j, x, y);
    k = madd<T>(k, x, y);
    l = madd<T>(l, x, y);
    a = madd<T>(a, x, y);
    b = madd<T>(b, x, y);
    c = madd<T>(c, x, y);
    d = madd<T>(d, x, y);
    e = madd<T>(e, x, y);
    f = madd<T>(f, x, y);
    g = madd<T>(g, x, y);
    h = madd<T>(h, x, y);
    i = madd<T>(i, x, y);
    j = madd<T>(j, x, y);
    k = madd<T>(k, x, y);
    l = madd<T>(l, x, y);
  }
  const abcd = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d));
  const efgh = v128.add<T>(v128.add<T>(e, f), v128.add<T>(g, h));
  const ijkl = v128.add<T>(v128.add<T>(i, j), v128.add<T>(k, l));
  const all = v128.add<T>(v128.add<T>(abcd, efgh), ijkl);
  return <f64>v128.extract_lane<T>(all, 0);
}

/** Factors for `products`, small enough for any number of additions. */
const FACTORS = memory.data<f64>([
  1e-9, 1e-9, 2e-9, 2e-9, 3e-9, 3e-9, 4e-9, 4e-9, 5e-9, 5e-9, 6e-9, 6e-9, 7e-9, 7e-9, 8e-9, 8e-9,
]);

/**
 * Ten sums of products of five vectors from the nearest cache with two in registers, as in the middle of a matrix
 * product: where multiplications and additions have ports of their own, these find them more easily than chains do.
 * One count is 10 vectors of multiply-adds.
 */
function products<T extends number>(count: i32): f64 {
  const x = splatAt<T>(CONSTANTS + 16);
  const y = splatAt<T>(CONSTANTS + 24);
  let a = v128.splat<T>(<T>0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  let i = a;
  let j = a;
  for (let n = 0; n < count; n++) {
    const p = FACTORS + ((<usize>(n & 3)) << 4);
    const u = v128.load(p);
    a = madd<T>(u, x, a);
    b = madd<T>(u, y, b);
    const v = v128.load(p, 16);
    c = madd<T>(v, x, c);
    d = madd<T>(v, y, d);
    const w = v128.load(p, 32);
    e = madd<T>(w, x, e);
    f = madd<T>(w, y, f);
    const s = v128.load(p, 48);
    g = madd<T>(s, x, g);
    h = madd<T>(s, y, h);
    const t = v128.load(p, 64);
    i = madd<T>(t, x, i);
    j = madd<T>(t, y, j);
  }
  const abcd = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d));
  const efgh = v128.add<T>(v128.add<T>(e, f), v128.add<T>(g, h));
  const all = v128.add<T>(v128.add<T>(abcd, efgh), v128.add<T>(i, j));
  return <f64>v128.extract_lane<T>(all, 0);
}

/** `count` times 48 multiply-adds of four f32. */
export function chains_f32(count: i32): f64 {
  return chains<f32>(count);
}

/** `count` times 48 multiply-adds of two f64. */
export function chains_f64(count: i32): f64 {
  return chains<f64>(count);
}

/** `count` times ten multiply-adds of four f32. */
export function products_f32(count: i32): f64 {
  return products<f32>(count);
}

/** `count` times ten multiply-adds of two f64. */
export function products_f64(count: i32): f64 {
  return products<f64>(count);
}

/** Reads n bytes at p, a multiple of 128, in eight streams of additions that no processor waits for. */
export function read(p: usize, n: i32): i32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const end = p + n; p < end; p += 128) {
    a = v128.xor(v128.xor(a, v128.load(p)), v128.load(p, 16));
    b = v128.xor(v128.xor(b, v128.load(p, 32)), v128.load(p, 48));
    c = v128.xor(v128.xor(c, v128.load(p, 64)), v128.load(p, 80));
    d = v128.xor(v128.xor(d, v128.load(p, 96)), v128.load(p, 112));
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

/** Reads n bytes at p, a multiple of 512, in four runs of memory side by side, which processors fetch ahead together. */
export function read_runs(p: usize, n: i32): i32 {
  const run = <usize>(n >> 2);
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const end = p + run; p < end; p += 64) {
    const q = p + run;
    const r = q + run;
    const s = r + run;
    a = v128.xor(v128.xor(a, v128.load(p)), v128.load(p, 16));
    b = v128.xor(v128.xor(b, v128.load(q)), v128.load(q, 16));
    c = v128.xor(v128.xor(c, v128.load(r)), v128.load(r, 16));
    d = v128.xor(v128.xor(d, v128.load(s)), v128.load(s, 16));
    a = v128.xor(v128.xor(a, v128.load(p, 32)), v128.load(p, 48));
    b = v128.xor(v128.xor(b, v128.load(q, 32)), v128.load(q, 48));
    c = v128.xor(v128.xor(c, v128.load(r, 32)), v128.load(r, 48));
    d = v128.xor(v128.xor(d, v128.load(s, 32)), v128.load(s, 48));
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

/** Copies n bytes from p to q, as the engine copies them. */
export function copy(q: usize, p: usize, n: i32): void {
  memory.copy(q, p, n);
}
