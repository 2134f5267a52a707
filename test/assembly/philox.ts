/**
 * The random numbers in plain JavaScript, from the definitions that assembly/random.ts documents.
 *
 * Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

type Four = readonly [number, number, number, number];

// The paper's multipliers; the key grows by the golden ratio and √3 − 1, as 32-bit fractions.
const MULTIPLIER = [0xd2511f53n, 0xcd9e8d57n] as const;
const INCREMENT = [0x9e3779b9, 0xbb67ae85] as const;

/** Ten rounds on a counter of four words under a key of two. */
export function philox(counter: Four, key: readonly [number, number]): Four {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const p0 = MULTIPLIER[0] * BigInt(c0);
    const p1 = MULTIPLIER[1] * BigInt(c2);
    const high = (p: bigint) => Number(p >> 32n);
    const low = (p: bigint) => Number(p & 0xffffffffn);
    [c0, c1, c2, c3] = [(high(p1) ^ c1 ^ k0) >>> 0, low(p1), (high(p0) ^ c3 ^ k1) >>> 0, low(p0)];
    k0 = (k0 + INCREMENT[0]) >>> 0;
    k1 = (k1 + INCREMENT[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}

const lowWord = (x: bigint): number => Number(BigInt.asUintN(32, x));
const highWord = (x: bigint): number => Number(BigInt.asUintN(32, x >> 32n));

/** The first n words of a stream. */
export function words(n: number, seed: bigint, stream: bigint): number[] {
  const blocks = Array.from({ length: Math.ceil(n / 4) }, (_, block) =>
    philox([block, 0, lowWord(stream), highWord(stream)], [lowWord(seed), highWord(seed)]),
  );
  return blocks.flat().slice(0, n);
}

/** The first n numbers in [0, 1), of 53 bits. */
export function units(n: number, seed: bigint, stream: bigint): number[] {
  const w = words(2 * n, seed, stream);
  return Array.from({ length: n }, (_, i) => ((w[2 * i]! >>> 5) * 2 ** 26 + (w[2 * i + 1]! >>> 6)) / 2 ** 53);
}

/** Standard normal deviates by Box and Muller, with the radius of each. */
export function normals(n: number, seed: bigint, stream: bigint): { value: number; radius: number }[] {
  const u = units(n + (n % 2), seed, stream);
  return Array.from({ length: n }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log1p(-u[i & ~1]!));
    const angle = 2 * Math.PI * u[i | 1]!;
    return { value: radius * (i % 2 ? Math.sin(angle) : Math.cos(angle)), radius };
  });
}

/** Fisher and Yates, inside out: word i picks the place in 0 … i that element i takes. */
export function permutation(n: number, seed: bigint, stream: bigint): number[] {
  const order: number[] = [];
  for (const [i, word] of words(n, seed, stream).entries()) {
    const j = Number((BigInt(word) * BigInt(i + 1)) >> 32n);
    order[i] = order[j] ?? i;
    order[j] = i;
  }
  return order;
}
