/**
 * Seeded numbers without state: element i of stream s under seed k is a function of (k, s, i) alone.
 *
 * Generator: Philox4x32-10, Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011. Block c of a stream is Philox of the counter (c, 0, s low, s high) under the key
 * (k low, k high); its four words give two numbers in [0, 1), 53 bits each: (word 0 >> 5)·2^26 +
 * (word 1 >> 6) over 2^53, and the same from words 2 and 3. f32 takes the upper 24 of those bits, so
 * both dtypes see the same numbers.
 */
import { cosTurns, log, sinTurns } from "./math";
import { at, storePart } from "./vec";

// Multipliers and key increments of Philox4x32, from the paper's table 2 and its reference code.
const M0: i32 = <i32>0xd2511f53;
const M1: i32 = <i32>0xcd9e8d57;
const W0: i32 = <i32>0x9e3779b9;
const W1: i32 = <i32>0xbb67ae85;
const ROUNDS: i32 = 10;

// What becomes of the words. All of it is one function, for both dtypes: what is asked for each two blocks costs nothing.
const WORDS: i32 = 0;
/** A kind of elements: low a to high b, each as likely. */
export const UNIFORM: i32 = 1;
/** A kind of elements: mean a, standard deviation b. */
export const NORMAL: i32 = 2;

/** Runs the generator over n elements of a stream, `size` bytes each; a and b are the parameters of what they become. */
export function generate(kind: i32, size: i32, n: i32, a: f64, b: f64, seed: u64, stream: u64, out: usize): void {
  const width = kind == WORDS ? 8 : 4; // elements that two blocks give
  const multipliers = i32x4(M0, M0, M1, M1);
  const increments = i32x4(W0, W0, W1, W1);
  const seedLow = <i32>seed;
  const seedHigh = <i32>(seed >> 32);
  const firstKey = i32x4(seedLow, seedLow, seedHigh, seedHigh);
  const streamLow = <i32>stream;
  const streamHigh = <i32>(stream >> 32);
  let block = 0;
  for (let i = 0; i < n; i += width, block += 2) {
    let even = i32x4(block, block + 1, streamLow, streamLow);
    let odd = i32x4(0, 0, streamHigh, streamHigh);
    let key = firstKey;
    for (let round = 0; round < ROUNDS; round++) {
      const products0 = i64x2.extmul_low_i32x4_u(even, multipliers);
      const products1 = i64x2.extmul_high_i32x4_u(even, multipliers);
      const high = v128.shuffle<i32>(products1, products0, 1, 3, 5, 7);
      even = v128.xor(v128.xor(high, odd), key);
      odd = v128.shuffle<i32>(products1, products0, 0, 2, 4, 6);
      key = i32x4.add(key, increments);
    }
    // Words 0, 0, 2, 2 of blocks c and c + 1 are in `even`, 1, 1, 3, 3 in `odd`.
    const count = min(n - i, width);
    if (kind == WORDS) putWords(even, odd, out, count);
    else {
      const u = unit(even, odd);
      const v = unit(upperHalf(even), upperHalf(odd));
      if (kind == UNIFORM) putNumbers(scaled(u, a, b, size), scaled(v, a, b, size), size, out, count);
      else putNormal(u, v, a, b, size, out, count);
    }
    out += <usize>(width * size);
  }
}

/** The number in [0, 1) that a high and a low word give, for two blocks; every operation is exact. */
function unit(high: v128, low: v128): v128 {
  const h = f64x2.convert_low_i32x4_u(i32x4.shr_u(high, 5));
  const l = f64x2.convert_low_i32x4_u(i32x4.shr_u(low, 6));
  // 2^26, 2^-53
  return f64x2.mul(f64x2.add(f64x2.mul(h, f64x2.splat(67108864)), l), f64x2.splat(1.1102230246251565e-16));
}

function upperHalf(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 1);
}

/** Writes up to four numbers: first and second of block c, then of block c + 1. */
function putNumbers(first: v128, second: v128, size: i32, out: usize, count: i32): void {
  const block0 = v128.shuffle<f64>(first, second, 0, 2);
  const block1 = v128.shuffle<f64>(first, second, 1, 3);
  if (size == 4) {
    const four = v128.shuffle<i64>(f32x4.demote_f64x2_zero(block0), f32x4.demote_f64x2_zero(block1), 0, 2);
    storePart<f32>(out, four, 4, count);
  } else {
    storePart<f64>(out, block0, 8, min(count, 2));
    if (count > 2) storePart<f64>(out + 16, block1, 8, count - 2);
  }
}

/** The generator's words as they are. */
function putWords(even: v128, odd: v128, out: usize, count: i32): void {
  storePart<f32>(out, v128.shuffle<i32>(even, odd, 0, 4, 2, 6), 4, min(count, 4));
  if (count > 4) storePart<f32>(out + 16, v128.shuffle<i32>(even, odd, 1, 5, 3, 7), 4, count - 4);
}

/** a + (b − a)·u: exact in [0, 1); elsewhere the last rounding may give b itself. */
function scaled(u: v128, a: f64, b: f64, size: i32): v128 {
  // Truncated to f32's 24 bits: rounding could reach 1. 2^24, 2^-24
  if (size == 4)
    u = f64x2.mul(f64x2.floor(f64x2.mul(u, f64x2.splat(16777216))), f64x2.splat(5.9604644775390625e-8));
  return f64x2.add(f64x2.splat(a), f64x2.mul(f64x2.splat(b - a), u));
}

/**
 * a + b·(normal deviate): √(−2 log(1 − u))·cos(2πv) and ·sin(2πv), Box and Muller 1958. In f32 the f64
 * deviate rounded. The relaxed build fuses multiply-adds here, so its last bits differ from the simd build's.
 */
function putNormal(u: v128, v: v128, a: f64, b: f64, size: i32, out: usize, count: i32): void {
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), log<f64>(f64x2.sub(f64x2.splat(1), u))));
  const r = f64x2.mul(radius, f64x2.splat(b));
  const first = f64x2.add(f64x2.splat(a), f64x2.mul(r, cosTurns(v)));
  const second = f64x2.add(f64x2.splat(a), f64x2.mul(r, sinTurns(v)));
  putNumbers(first, second, size, out, count);
}

/** n words of a stream, unsigned 32-bit. */
export function random_words(n: i32, seed: u64, stream: u64, out: usize): void {
  generate(WORDS, 4, n, 0, 0, seed, stream, out);
}

/**
 * A permutation of 0 … n − 1, unsigned 32-bit: Fisher and Yates, inside out (Knuth, TAOCP 2, 3.4.2 P).
 * Position j <= i comes from word i as (word·(i + 1)) >> 32, whose bias is below n/2^32.
 */
export function permutation(n: i32, seed: u64, stream: u64, out: usize): void {
  random_words(n, seed, stream, out); // word i waits in place until step i overwrites it
  for (let i = 0; i < n; i++) {
    const here = at<u32>(out, i);
    const there = at<u32>(out, <i32>((<u64>load<u32>(here) * <u64>(i + 1)) >> 32));
    store<u32>(here, load<u32>(there));
    store<u32>(there, i);
  }
}
