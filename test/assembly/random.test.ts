/** The seeded numbers are what their documentation says, to the bit, and stay inside their n elements. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { builds, type Instance, instantiate } from "./load.ts";
import { normals, permutation, philox, units, words } from "./philox.ts";

const BYTES = 1 << 16;
const kernels = builds.map((build) => instantiate(build, BYTES));

const seeds = [0n, 1n, 42n, -1n, 0xffffffffn, 1n << 32n, 0x123456789abcdef0n, -(1n << 63n)];
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 1000];

type Kind = "random_words" | "permutation" | "uniform_f32" | "uniform_f64" | "normal_f32" | "normal_f64";
const kinds: Kind[] = ["random_words", "permutation", "uniform_f32", "uniform_f64", "normal_f32", "normal_f64"];
const typeOf = (kind: Kind) =>
  kind.endsWith("f32") ? Float32Array : kind.endsWith("f64") ? Float64Array : Uint32Array;

/** Calls the kernel with `out` so many bytes above the heap base. */
function call(
  kernel: Instance,
  kind: Kind,
  n: number,
  seed: bigint,
  stream: bigint,
  a: number,
  b: number,
  out: number,
) {
  const parameters = kind.endsWith("f32") || kind.endsWith("f64") ? [a, b] : [];
  kernel.call[kind]!(n, ...parameters, seed, stream, kernel.heapBase + out);
}

/** n numbers: uniform in [a, b), or normal of mean a and deviation b. */
function draw(kernel: Instance, kind: Kind, n: number, seed: bigint, stream: bigint, a = 0, b = 1): number[] {
  call(kernel, kind, n, seed, stream, a, b, 0);
  return [...new (typeOf(kind))(kernel.memory.buffer, kernel.heapBase, n)];
}

describe("the reference generator", () => {
  // Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, words.
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as [[number, number, number, number], [number, number], number[]][])(
    "gives Random123's known answer for the counter %j",
    (counter, key, answer) => {
      expect(philox(counter, key)).toEqual(answer);
    },
  );
});

describe.each(kernels)("in the $build build,", (kernel) => {
  test("random_words gives Random123's known answer where the counter and the key are 0", () => {
    expect(draw(kernel, "random_words", 4, 0n, 0n)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  test("random_words is Philox of (block, 0, stream) under the seed", () => {
    for (const seed of seeds) {
      for (const stream of seeds) {
        expect(draw(kernel, "random_words", 37, seed, stream)).toEqual(words(37, seed, stream));
      }
      for (const n of lengths) expect(draw(kernel, "random_words", n, seed, 7n)).toEqual(words(n, seed, 7n));
    }
  });

  test("uniform_f64 is low + (high − low)·u of 53 bits, exactly", () => {
    for (const seed of seeds) {
      const u = units(1000, seed, 3n);
      expect(draw(kernel, "uniform_f64", 1000, seed, 3n)).toEqual(u);
      expect(draw(kernel, "uniform_f64", 1000, seed, 3n, -2.5, 0.7)).toEqual(u.map((x) => -2.5 + (0.7 - -2.5) * x));
    }
  });

  test("uniform_f32 is the same numbers truncated to 24 bits, then scaled and rounded once", () => {
    for (const seed of seeds) {
      const u = units(1000, seed, 3n).map((x) => Math.floor(x * 2 ** 24) / 2 ** 24);
      expect(draw(kernel, "uniform_f32", 1000, seed, 3n)).toEqual(u);
      const scaled = u.map((x) => Math.fround(-2.5 + (0.7 - -2.5) * x));
      expect(draw(kernel, "uniform_f32", 1000, seed, 3n, -2.5, 0.7)).toEqual(scaled);
    }
  });

  // JavaScript's angle 2πv is rounded in its 53rd bit, which is 7·10⁻¹⁶ near a whole turn.
  test("normal_f64 is Box and Muller's of the uniform numbers to within 1.5·10⁻¹⁵ of the radius", () => {
    for (const seed of seeds) {
      const got = draw(kernel, "normal_f64", 1000, seed, 5n);
      for (const [i, { value, radius }] of normals(1000, seed, 5n).entries()) {
        expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1.5e-15 * radius);
      }
    }
  });

  test("normal numbers have the mean and the deviation asked for", () => {
    const standard = draw(kernel, "normal_f64", 1000, 9n, 5n);
    for (const [i, x] of draw(kernel, "normal_f64", 1000, 9n, 5n, -3, 0.01).entries()) {
      expect(Math.abs(x - (-3 + 0.01 * standard[i]!))).toBeLessThanOrEqual(2 ** -50);
    }
    expect(draw(kernel, "normal_f64", 5, 9n, 5n, 1.5, 0)).toEqual(Array(5).fill(1.5));
  });

  test("normal_f32 is normal_f64 rounded", () => {
    for (const seed of seeds) {
      const wide = draw(kernel, "normal_f64", 1000, seed, 5n, 1, 0.3);
      expect(draw(kernel, "normal_f32", 1000, seed, 5n, 1, 0.3)).toEqual(wide.map(Math.fround));
    }
  });

  test("permutation is Fisher and Yates's of the words, inside out", () => {
    for (const n of [0, 1, 2, 3, 5, 1000]) {
      for (const seed of seeds) {
        const order = draw(kernel, "permutation", n, seed, 11n);
        expect(order).toEqual(permutation(n, seed, 11n));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }
    }
  });

  test.each(kinds)("%s writes n elements, not a byte more, at any alignment", (kind) => {
    const size = typeOf(kind).BYTES_PER_ELEMENT;
    for (const n of lengths) {
      const expected = Buffer.from(new (typeOf(kind))(draw(kernel, kind, n, 5n, 6n)).buffer);
      for (const out of [16, 17, 18, 20, 23, 24]) {
        const around = Buffer.from(kernel.memory.buffer, kernel.heapBase, out + n * size + 64).fill(0xa5);
        call(kernel, kind, n, 5n, 6n, 0, 1, out);
        expect(around.subarray(out, out + n * size).equals(expected)).toBe(true);
        expect(around.subarray(0, out).every((byte) => byte === 0xa5)).toBe(true);
        expect(around.subarray(out + n * size).every((byte) => byte === 0xa5)).toBe(true);
      }
    }
  });

  test.each(kinds.filter((kind) => kind !== "permutation"))(
    "the first %s do not depend on how many follow",
    (kind) => {
      const all = draw(kernel, kind, 100, 8n, 1n);
      for (let n = 0; n <= 40; n++) expect(draw(kernel, kind, n, 8n, 1n)).toEqual(all.slice(0, n));
    },
  );

  test("each seed and each stream has its own words", () => {
    const first = seeds.flatMap((seed) =>
      seeds.map((stream) => draw(kernel, "random_words", 4, seed, stream).join()),
    );
    expect(new Set(first).size).toBe(seeds.length ** 2);
  });
});

describe("across builds", () => {
  const pinned: [kind: Kind, sha256: string][] = [
    ["random_words", "8f3224005e91c437"],
    ["permutation", "4442ba38d5f2f0d3"],
    ["uniform_f32", "6c0e41209e6b651e"],
    ["uniform_f64", "3f4e3107e88a7b19"],
    ["normal_f32", "3d8dd149e65dd8d1"],
    ["normal_f64", "850e98d21e48d6d8"],
  ];
  test.each(pinned)(
    "%s has the same bits as ever; only normal deviates feel fused multiply-add",
    (kind, sha256) => {
      for (const kernel of kernels) {
        if (kernel.build === "relaxed" && kind.startsWith("normal")) continue;
        const numbers = new (typeOf(kind))(draw(kernel, kind, 8000, 2024n, 1n, 0, 3));
        const digest = createHash("sha256").update(new Uint8Array(numbers.buffer)).digest("hex").slice(0, 16);
        expect(digest, kernel.build).toBe(sha256);
      }
    },
  );
});
