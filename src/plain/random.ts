/**
 * Seeded numbers without state: element i of stream s under seed k is a function of (k, s, i) alone.
 *
 * Generator: Philox4x32-10, Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Block c of
 * a stream is Philox of the counter (c, 0, s low, s high) under the key (k low, k high); its four words give two numbers
 * in [0, 1), 53 bits each. f32 takes the upper 24 of those bits, so both dtypes see the same numbers.
 */
import type { DType } from "../abi.ts";
import { cosTurns, log, sinTurns } from "./math.ts";
import type { Pointer } from "./memory.ts";

// Multipliers and key increments of Philox4x32, from the paper's table 2 and its reference code.
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the product of two unsigned words, from products of their halves: those are exact. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh] = [a & 0xffff, a >>> 16];
  const [bLow, bHigh] = [b & 0xffff, b >>> 16];
  return aHigh * bHigh + Math.floor((aHigh * bLow + aLow * bHigh + ((aLow * bLow) >>> 16)) / 65536);
}

/** A 64-bit number as its lower and upper words. */
type Words = [low: number, high: number];

function split(x: bigint): Words {
  return [Number(BigInt.asUintN(32, x)), Number(BigInt.asUintN(32, x >> 32n))];
}

/** Writes the four words of a block of a stream. */
function philox(block: number, [seedLow, seedHigh]: Words, [low, high]: Words, words: Uint32Array): void {
  let [c0, c1, c2, c3] = [block, 0, low, high];
  let [k0, k1] = [seedLow, seedHigh];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(M0, c0);
    const high1 = multiplyHigh(M1, c2);
    const low0 = Math.imul(M0, c0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** n words of a stream, unsigned 32-bit. */
export function randomWords(n: number, seed: bigint, stream: bigint, out: Pointer<Uint32Array>): void {
  const words = new Uint32Array(4);
  const [key, counter] = [split(seed), split(stream)];
  for (let i = 0; i < n; i++) {
    if (i % 4 === 0) philox(i / 4, key, counter, words);
    out.memory[out.at + i] = words[i % 4]!;
  }
}

/** A number in [0, 1) from two words: 27 bits of the first, 26 of the second. */
function unit(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) * 2 ** -53;
}

/** Hands the two numbers in [0, 1) of each block to `pair`, which gives elements 2c and 2c + 1. */
function generate(
  n: number,
  seed: bigint,
  stream: bigint,
  { memory, at }: Pointer,
  pair: (u: number, v: number) => [number, number],
): void {
  const words = new Uint32Array(4);
  const [key, counter] = [split(seed), split(stream)];
  for (let i = 0; i < n; i += 2) {
    philox(i / 2, key, counter, words);
    const [first, second] = pair(unit(words[0]!, words[1]!), unit(words[2]!, words[3]!));
    memory[at + i] = first;
    if (i + 1 < n) memory[at + i + 1] = second;
  }
}

/** low + (high − low)·u for n numbers u in [0, 1), truncated to f32's 24 bits in f32: rounding could reach 1. */
export function uniform(
  dtype: DType,
  n: number,
  low: number,
  high: number,
  seed: bigint,
  stream: bigint,
  out: Pointer,
): void {
  const cut = (u: number): number => (dtype === "f32" ? Math.floor(u * 16777216) / 16777216 : u);
  const place = (u: number): number => low + (high - low) * cut(u);
  generate(n, seed, stream, out, (u, v) => [place(u), place(v)]);
}

/** mean + deviation·√(−2 log(1 − u))·cos(2πv) and ·sin(2πv), Box and Muller 1958. */
export function normal(
  n: number,
  mean: number,
  deviation: number,
  seed: bigint,
  stream: bigint,
  out: Pointer,
): void {
  generate(n, seed, stream, out, (u, v) => {
    const r = Math.sqrt(-2 * log(1 - u)) * deviation;
    return [mean + r * cosTurns(v), mean + r * sinTurns(v)];
  });
}

/**
 * A permutation of 0 … n − 1, unsigned 32-bit: Fisher and Yates, inside out (Knuth, TAOCP 2, 3.4.2 P). Position j <= i
 * comes from word i as (word·(i + 1)) >> 32, whose bias is below n/2^32.
 */
export function permutation(n: number, seed: bigint, stream: bigint, out: Pointer<Uint32Array>): void {
  randomWords(n, seed, stream, out); // word i waits in place until step i overwrites it
  const { memory, at } = out;
  for (let i = 0; i < n; i++) {
    const j = multiplyHigh(memory[at + i]!, i + 1);
    memory[at + i] = memory[at + j]!;
    memory[at + j] = i;
  }
}
