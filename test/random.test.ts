import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, mean, type NDArray, Random, sub } from "../src/index.ts";
import { rounded } from "./compare.ts";
import { expectRejected } from "./usage.ts";

type Draw = (random: Random, shape: number | readonly number[], options?: object) => NDArray;

const draws: [string, Draw][] = [
  ["uniform", (random, shape, options) => random.uniform(shape, options)],
  ["normal", (random, shape, options) => random.normal(shape, options)],
];

describe.each(draws)("%s", (_, draw) => {
  test.each<[number | number[], number[]]>([
    [5, [5]],
    [[], []],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 3, 4, 5],
      [2, 3, 4, 5],
    ],
    [0, [0]],
    [
      [3, 0],
      [3, 0],
    ],
  ])("of shape %j has it, in f32 unless told", (given, shape) => {
    const arrays = [draw(new Random(1), given), draw(new Random(1), given, { dtype: "f64" })];
    expect(arrays.map((a) => [a.shape, a.dtype])).toEqual([
      [shape, "f32"],
      [shape, "f64"],
    ]);
  });

  test("gives the same numbers for the same seed, and others for another", () => {
    const of = (seed: number) => draw(new Random(seed), 20).toArray();
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
    expect(of(2 ** 53 - 1)).not.toEqual(of(2 ** 32 - 1));
    expect(of(2 ** 32)).not.toEqual(of(0));
  });

  test("takes the next stream with each call, however much the calls before took", () => {
    const [short, long] = [new Random(7), new Random(7)];
    const first = draw(short, 3).toArray() as number[];
    expect((draw(long, 300).toArray() as number[]).slice(0, 3)).toEqual(first);
    const second = draw(short, 10).toArray() as number[];
    expect(second.filter((x) => first.includes(x))).toEqual([]);
    expect(draw(long, 10).toArray()).toEqual(second);
  });

  test("fills a shape in row-major order", () => {
    const flat = draw(new Random(5), 12).toArray() as number[];
    expect((draw(new Random(5), [3, 4]).toArray() as number[][]).flat()).toEqual(flat);
  });

  test("gives f32 the numbers of f64, rounded", () => {
    const f64 = draw(new Random(9), 100, { dtype: "f64" }).toArray() as number[];
    const f32 = draw(new Random(9), 100).toArray() as number[];
    const difference = f32.map((x, i) => Math.abs(x - f64[i]!) / Math.max(Math.abs(f64[i]!), 1));
    expect(Math.max(...difference)).toBeLessThan(2 ** -20);
  });

  test("does not use up a stream when it is rejected", () => {
    const [plain, rejected] = [new Random(2), new Random(2)];
    expectRejected(
      () => draw(rejected, [-1]),
      (error) => expect(String(error)).toContain("shape is (-1)"),
    );
    expect(draw(rejected, 5).toArray()).toEqual(draw(plain, 5).toArray());
  });

  test.each<[string, unknown, unknown]>([
    ["no shape", undefined, undefined],
    ["a null shape", null, undefined],
    ["a fractional shape", 1.5, undefined],
    ["a shape of strings", ["3"], undefined],
    ["an unknown dtype", 3, { dtype: "f16" }],
    ["an unknown option", 3, { center: 0 }],
    ["options that are a number", 3, 4],
    ["options that are null", 3, null],
  ])("rejects %s", (_what, shape, options) => {
    expectRejected(
      () => draw(new Random(1), shape as number, options as object),
      (error) => expect((error as Error).message).toMatch(/^Random\.(uniform|normal): /),
    );
  });
});

describe("uniform", () => {
  test("stays within its bounds, whatever they are, and comes near both", () => {
    for (const [low, high] of [
      [0, 1],
      [-3, 5],
      [1000, 1001],
    ] as const) {
      const values = new Random(1).uniform(5000, { low, high, dtype: "f64" }).toArray() as number[];
      expect(values.filter((x) => !(x >= low && x < high))).toEqual([]);
      expect(Math.min(...values)).toBeLessThan(low + 0.01 * (high - low));
      expect(Math.max(...values)).toBeGreaterThan(high - 0.01 * (high - low));
    }
    expect(new Random(1).uniform(3, { low: 2, high: 2 }).toArray()).toEqual([2, 2, 2]);
  });

  test("rejects bounds that are no finite numbers", () => {
    for (const options of [{ low: NaN }, { high: Infinity }, { low: "0" as unknown as number }]) {
      expect(() => new Random(1).uniform(3, options)).toThrow(/^Random\.uniform: (low|high) is /);
    }
  });
});

describe("normal", () => {
  test("has the mean and the deviation asked for", () => {
    const values = new Random(3).normal(20_000, { mean: 10, std: 2, dtype: "f64" });
    const center = mean(values);
    const centered = sub(values, center).toArray() as number[];
    const deviation = Math.sqrt(centered.reduce((total, x) => total + x * x, 0) / centered.length);
    expect(Math.abs(center - 10)).toBeLessThan(0.06);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.04);
  });

  test("without deviation is its mean, and rejects a negative one", () => {
    expect(new Random(1).normal(2, { mean: 0.1, std: 0 }).toArray()).toEqual(array([0.1, 0.1]).toArray());
    expect(rounded("f32", 0.1)).toBe(new Random(1).normal(1, { mean: 0.1, std: 0 }).item());
    expect(() => new Random(1).normal(2, { std: -1 })).toThrow(
      "Random.normal: std is -1; expected a finite number >= 0.",
    );
  });
});

describe("permutation", () => {
  test("holds each number below n once, in an order that the seed and the call decide", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.nat(), (n, seed) => {
        const order = new Random(seed).permutation(n);
        expect(order).toBeInstanceOf(Uint32Array);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(new Random(seed).permutation(n)).toEqual(order);
      }),
      { numRuns: 50 },
    );
    const random = new Random(1);
    expect(random.permutation(50)).not.toEqual(random.permutation(50));
    expect(new Random(1).permutation(50)).not.toEqual(new Random(2).permutation(50));
  });

  test("is a copy: later calls leave it alone, and it holds no memory of the kernel", () => {
    const random = new Random(1);
    const order = random.permutation(10);
    const before = [...order];
    random.permutation(10);
    random.uniform(100);
    expect([...order]).toEqual(before);
    expect(order.byteLength).toBe(order.buffer.byteLength);
  });

  test.each<unknown>([-1, 1.5, 2 ** 31, NaN, "3", undefined, null])("rejects %s", (n) => {
    expectRejected(
      () => new Random(1).permutation(n as number),
      (error) => expect((error as Error).message).toMatch(/^Random\.permutation: n is .*; expected a whole number/),
    );
  });
});

test.each<unknown>([-1, 1.5, 2 ** 53, NaN, Infinity, "1", 1n, undefined, null])(
  "a seed of %s is rejected",
  (seed) => {
    expect(() => new Random(seed as number)).toThrow(/^Random: seed is .*; expected a whole number/);
  },
);
