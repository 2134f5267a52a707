/** The numbers are distributed as promised. Seeds are fixed, so each statistic is one number for ever. */
import { describe, expect, test } from "vitest";
import { builds, instantiate } from "./load.ts";

const N = 100_000;
const kernels = builds.map((build) => instantiate(build, 8 * N));
const kernel = kernels.find(({ build }) => build === "simd")!;

function draw(name: "uniform_f64" | "normal_f64", seed: bigint, stream = 0n): Float64Array {
  kernel.call[name]!(N, 0, 1, seed, stream, kernel.heapBase);
  return new Float64Array(kernel.memory.buffer, kernel.heapBase, N).slice();
}

function permutation(n: number, seed: number): number[] {
  kernel.call.permutation!(n, BigInt(seed), 0n, kernel.heapBase);
  return [...new Uint32Array(kernel.memory.buffer, kernel.heapBase, n)];
}

/** Mean of x^k. */
const moment = (x: Float64Array, k: number) => x.reduce((sum, value) => sum + value ** k, 0) / x.length;

/** √n times the largest gap between the sample's and the claimed distribution (Kolmogorov and Smirnov). */
function kolmogorov(x: Float64Array, distribution: (x: number) => number): number {
  const n = x.length;
  return (
    Math.sqrt(n) *
    x
      .slice()
      .sort()
      .reduce((worst, value, i) => {
        const p = distribution(value);
        return Math.max(worst, p - i / n, (i + 1) / n - p);
      }, 0)
  );
}

/** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Abramowitz and Stegun 26.2.11). */
function normalDistribution(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= (x * x) / k;
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

// Kolmogorov's distribution is passed by 1.95 once in a thousand samples; moments lie within 4 standard errors.
const KOLMOGOROV = 1.95;
const within = (variance: number) => 4 * Math.sqrt(variance / N);

describe.each([1n, 2n, 0xfeedfacecafef00dn])("under the seed %d", (seed) => {
  test("uniform numbers are uniform in [0, 1), in moments and in distribution", () => {
    const u = draw("uniform_f64", seed);
    expect(Math.min(...u.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(u.every((x) => x < 1)).toBe(true);
    expect(Math.abs(moment(u, 1) - 1 / 2)).toBeLessThan(within(1 / 12));
    expect(Math.abs(moment(u, 2) - 1 / 3)).toBeLessThan(within(4 / 45));
    expect(kolmogorov(u, (x) => x)).toBeLessThan(KOLMOGOROV);
  });

  test("normal numbers are normal, in moments, in distribution and in the tails", () => {
    const x = draw("normal_f64", seed);
    expect(Math.abs(moment(x, 1))).toBeLessThan(within(1));
    expect(Math.abs(moment(x, 2) - 1)).toBeLessThan(within(2));
    expect(Math.abs(moment(x, 3))).toBeLessThan(within(15));
    expect(Math.abs(moment(x, 4) - 3)).toBeLessThan(within(96));
    expect(kolmogorov(x, normalDistribution)).toBeLessThan(KOLMOGOROV);
    const beyond3 = x.filter((value) => Math.abs(value) > 3).length / N;
    expect(Math.abs(beyond3 - 0.0026998)).toBeLessThan(within(0.0027));
  });

  test("neighbours, and the same places of two streams or two seeds, are uncorrelated", () => {
    for (const name of ["uniform_f64", "normal_f64"] as const) {
      const centre = name === "uniform_f64" ? 0.5 : 0;
      const variance = name === "uniform_f64" ? 1 / 12 : 1;
      const x = draw(name, seed);
      const others = [x.subarray(1), x.subarray(2), draw(name, seed, 1n), draw(name, seed + 1n)];
      for (const y of others) {
        const product = Float64Array.from(y, (value, i) => (value - centre) * (x[i]! - centre));
        expect(Math.abs(moment(product, 1))).toBeLessThan(within(variance ** 2));
      }
    }
  });
});

describe("permutations", () => {
  // Passed once in a thousand by chi-square of n! − 1 degrees of freedom.
  test.each([
    [2, 2, 10.83],
    [3, 6, 20.52],
    [4, 24, 49.73],
  ])("of %d elements are all equally likely", (n, orders, limit) => {
    const counts = new Map<string, number>();
    const draws = 1000 * orders;
    for (let seed = 0; seed < draws; seed++) {
      const order = permutation(n, seed).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(orders);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(limit);
  });

  test("of many elements move each as often to every tenth of the places", () => {
    const n = 1000;
    const counts = new Array<number>(100).fill(0);
    for (let seed = 0; seed < 100; seed++) {
      for (const [place, element] of permutation(n, seed).entries()) {
        counts[10 * Math.floor(place / 100) + Math.floor(element / 100)]!++;
      }
    }
    // Expected: 1000 in each of 100 cells, 9·9 degrees of freedom; 126.1 is passed once in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(126.1);
  });
});

test("normal deviates of the relaxed build are those of the simd build but for the last bits", () => {
  const expected = draw("normal_f64", 4n);
  for (const other of kernels) {
    other.call.normal_f64!(N, 0, 1, 4n, 0n, other.heapBase);
    const got = new Float64Array(other.memory.buffer, other.heapBase, N);
    expect(got.every((x, i) => Math.abs(x - expected[i]!) < 1e-14)).toBe(true);
  }
});
