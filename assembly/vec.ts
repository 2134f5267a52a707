/**
 * Vectors of 128 bits: lanes, loads, stores, multiply-add, horizontal sums.
 *
 * Everything above this file is written once for `T` = f32 | f64. This is the only file that knows
 * which build is being compiled: see `madd`, `nmadd` and `fused`.
 *
 * Names: a part is the first `count` lanes of a vector, 1 <= count <= lanes; the other lanes are 0.
 * Strides are in bytes here, since the callers step by them; everywhere else they are in elements.
 */

/**
 * Whether `madd` rounds once: −1 + x·x for x = 1 + 2^−12 keeps its last bit, 2^−24, only then. Asked of the host, not of
 * the compiler: so the builds differ in nothing but the instructions of `madd` and `nmadd`, and the package makes the
 * simd build from the relaxed one.
 */
export function fused(): bool {
  const x = f32x4.splat(1.000244140625);
  return f32x4.extract_lane(madd<f32>(x, x, f32x4.splat(-1)), 0) != 0.00048828125;
}

/** Elements in one vector: 4 for f32, 2 for f64. */
export function lanes<T extends number>(): i32 {
  return 16 / <i32>sizeof<T>();
}

/** Address of element i of a contiguous array at p. */
export function at<T extends number>(p: usize, i: i32): usize {
  return p + ((<usize>i) << alignof<T>());
}

/** A count of elements as a count of bytes. */
export function bytes<T extends number>(count: i32): usize {
  return (<usize>count) << alignof<T>();
}

/** a·b + c in every lane: one rounding in the relaxed build, two in the simd build. */
export function madd<T extends number>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** c − a·b in every lane, rounded as `madd` rounds. */
export function nmadd<T extends number>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(a, b, c);
  return v128.sub<T>(c, v128.mul<T>(a, b));
}

/** The element at p in every lane. */
export function loadSplat<T extends number>(p: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(p);
  return v128.load64_splat(p);
}

/** x, rounded to T, in every lane. */
export function splat<T extends number>(x: f64): v128 {
  return v128.splat<T>(<T>x);
}

/** All lanes from elements that lie `stride` bytes apart. */
export function gather<T extends number>(p: usize, stride: usize): v128 {
  let v = load1<T>(p);
  v = loadLane1<T>(p + stride, v);
  if (sizeof<T>() == 8) return v;
  v = v128.load32_lane(p + 2 * stride, v, 2);
  return v128.load32_lane(p + 3 * stride, v, 3);
}

/** All lanes to elements that lie `stride` bytes apart. */
export function scatter<T extends number>(p: usize, v: v128, stride: usize): void {
  storePart<T>(p, v, stride, lanes<T>());
}

/** The first `count` lanes from elements `stride` bytes apart; the other lanes are 0. */
export function loadPart<T extends number>(p: usize, stride: usize, count: i32): v128 {
  let v = load1<T>(p);
  if (count > 1) v = loadLane1<T>(p + stride, v);
  if (sizeof<T>() == 8) return v;
  if (count > 2) v = v128.load32_lane(p + 2 * stride, v, 2);
  if (count > 3) v = v128.load32_lane(p + 3 * stride, v, 3);
  return v;
}

/** The first `count` lanes to elements `stride` bytes apart. */
export function storePart<T extends number>(p: usize, v: v128, stride: usize, count: i32): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(p, v, 0);
    if (count > 1) v128.store64_lane(p + stride, v, 1);
    return;
  }
  v128.store32_lane(p, v, 0);
  if (count > 1) v128.store32_lane(p + stride, v, 1);
  if (count > 2) v128.store32_lane(p + 2 * stride, v, 2);
  if (count > 3) v128.store32_lane(p + 3 * stride, v, 3);
}

function load1<T extends number>(p: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_zero(p);
  return v128.load64_zero(p);
}

function loadLane1<T extends number>(p: usize, v: v128): v128 {
  if (sizeof<T>() == 4) return v128.load32_lane(p, v, 1);
  return v128.load64_lane(p, v, 1);
}

const LANE_NUMBERS_F32 = memory.data<f32>([0, 1, 2, 3]);
const LANE_NUMBERS_F64 = memory.data<f64>([0, 1]);

/** All bits set in the first `count` lanes, none in the others. */
export function maskPart<T extends number>(count: i32): v128 {
  const numbers = sizeof<T>() == 4 ? LANE_NUMBERS_F32 : LANE_NUMBERS_F64;
  return v128.lt<T>(v128.load(numbers), v128.splat<T>(<T>count));
}

/** Sum of the lanes in double precision, pairwise: f32 (0+2) + (1+3), f64 0 + 1. */
export function sumLanes<T extends number>(v: v128): f64 {
  if (sizeof<T>() == 4) {
    const high = v128.shuffle<i64>(v, v, 1, 1);
    v = v128.add<f64>(v128.promote_low<f32>(v), v128.promote_low<f32>(high));
  }
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Transposes a tile of lanes × lanes elements: rows `stride` bytes apart from p to q. */
export function transposeTile<T extends number>(p: usize, stride: usize, q: usize, outStride: usize): void {
  const r0 = v128.load(p);
  const r1 = v128.load(p + stride);
  if (sizeof<T>() == 8) {
    v128.store(q, v128.shuffle<f64>(r0, r1, 0, 2));
    v128.store(q + outStride, v128.shuffle<f64>(r0, r1, 1, 3));
    return;
  }
  const r2 = v128.load(p + 2 * stride);
  const r3 = v128.load(p + 3 * stride);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(q, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(q + outStride, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(q + 2 * outStride, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(q + 3 * outStride, v128.shuffle<f64>(high01, high23, 1, 3));
}
