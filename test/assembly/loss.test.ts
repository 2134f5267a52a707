import { describe, test } from "vitest";
import { dtypes, expectSame, expectWithin } from "../compare.ts";
import { crossEntropy as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { crossEntropy } from "./calls.ts";
import { between, blankVector, cycle, labels, type Operand, pick, shifts, vector } from "./data.ts";

const run = everyBuild(1 << 17);
const runLong = everyBuild(1 << 19);
// Vectors are 4 (f32) or 2 (f64) elements; 32 of them share a logarithm.
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 63, 64, 65, 127, 128, 129, 131, 257, 1023, 1024, 1025, 2051];

function check(label: string, dtype: "f32" | "f64", z: Operand, y: Operand, dz: Operand, s?: Operand): void {
  const want = oracle.of(z.values, y.values, s?.values);
  const bound = oracle.bound(dtype, z.values, y.values, s?.values);
  for (const got of run(label, (arena) => crossEntropy(arena, dtype, z, y, dz, s))) {
    const message = `${label} on ${got.build}`;
    expectWithin(got.values, [want.loss, ...want.dz], [bound.loss, ...bound.dz], message);
  }
}

describe.each(dtypes)("cross_entropy_%s", (dtype) => {
  test.each(lengths)("adds the losses of %d samples and writes σ(z) − y, at any strides", (n) => {
    [1, 2].forEach((z_s, i) => {
      [1, 3, 0].forEach((y_s, j) => {
        for (const dz_s of [1, 4]) {
          const z = vector(dtype, n, z_s, between(n, -12, 12), pick(shifts, i + j));
          const y = vector(dtype, n, y_s, labels(n), pick(shifts, n));
          check(`strides ${z_s}, ${y_s}, ${dz_s}`, dtype, z, y, blankVector(n, dz_s, pick(shifts, j)));
        }
      });
    });
  });

  test.each(lengths)("weighs %d samples, those of weight 0 out, at any strides", (n) => {
    [1, 3, 0].forEach((s_s, i) => {
      [1, 2].forEach((stride, j) => {
        const z = vector(dtype, n, stride, between(n, -12, 12), pick(shifts, i + j));
        const y = vector(dtype, n, 3 - stride, labels(n), pick(shifts, n));
        const s = vector(dtype, n, s_s, cycle([0.3, 0, 2, 1, 7.7]), pick(shifts, j));
        check(`weights ${s_s} apart, ${stride}`, dtype, z, y, blankVector(n, stride, pick(shifts, i)), s);
      });
    });
  });

  test("with weights of 1 gives the dz of no weights to the bit, and its loss within rounding", () => {
    for (const n of lengths) {
      const z = vector(dtype, n, 1, between(n, -12, 12));
      const y = vector(dtype, n, 1, labels(n));
      const plain = run("plain", (arena) => crossEntropy(arena, dtype, z, y, blankVector(n, 1)));
      const ones = vector(dtype, n, 1, () => 1);
      run("ones", (arena) => crossEntropy(arena, dtype, z, y, blankVector(n, 1), ones)).forEach((got, build) => {
        const want = plain[build]!.values;
        const bound = [2 * oracle.bound(dtype, z.values, y.values).loss, ...Array(n).fill(0)];
        expectWithin(got.values, want, bound, `${n} on ${got.build}`);
      });
    }
  });

  test("adds losses with an error that does not grow with their number", () => {
    const n = 60_000;
    const z = vector(dtype, n, 0, () => 0.3);
    const y = vector(dtype, n, 0, () => 1);
    const want = n * oracle.of([z.values[0]!], [1]).loss;
    // Per lane at most 1024 / 2 terms in T, then double precision; n roundings of f64 in all.
    const bound = want * (dtype === "f32" ? 516 * 2 ** -24 : n * 2 ** -53);
    for (const got of runLong("long", (arena) => crossEntropy(arena, dtype, z, y, blankVector(n, 1)))) {
      expectWithin([got.values[0]!], [want], [bound], got.build);
    }
  });

  test.each([
    ["next to nothing", -60, -30],
    ["less than 1 rounds to", -40, -15],
    ["much and little in turns", -50, 3],
    ["as much as can be at a right answer", -1e-3, 0],
  ])("adds losses of %s with full relative precision", (_, low, high) => {
    for (const n of [1, 3, 40, 128, 200, 1000]) {
      const z = vector(dtype, n, 1, between(n, low, high), pick(shifts, n));
      check(
        `${n} in ${low} … ${high}`,
        dtype,
        z,
        vector(dtype, n, 1, () => 0),
        blankVector(n, 1),
      );
    }
  });

  test("may write dz over z", () => {
    for (const n of [1, 5, 8, 11]) {
      for (const stride of [1, 3]) {
        const z = vector(dtype, n, stride, between(n, -5, 5), 4);
        const y = vector(dtype, n, 1, labels(n));
        const apart = run("apart", (arena) => crossEntropy(arena, dtype, z, y, blankVector(n, stride)));
        const inPlace = run("in place", (arena) => {
          const at = arena.input(dtype, y);
          const out = arena.output(dtype, z);
          const loss = arena.call(`cross_entropy_${dtype}`, n, out.at, z.cs, at, 1, 0, 0, out.at, z.cs);
          return Float64Array.of(loss, ...out.read());
        });
        inPlace.forEach((got, build) => {
          expectSame(got.values, apart[build]!.values, `${n} with stride ${stride} on ${got.build}`);
        });
      }
    }
  });

  test("is finite and right for logits far beyond where σ is 0 or 1", () => {
    const z = vector(dtype, 8, 1, cycle([200, -200, 1e4, -1e4]));
    const y = vector(dtype, 8, 1, cycle([0, 1, 1, 0, 1, 0, 0, 1]));
    check("large logits", dtype, z, y, blankVector(8, 1));
    // A sure and right answer costs nothing, a sure and wrong one its logit.
    check(
      "right",
      dtype,
      vector(dtype, 2, 1, cycle([1e4, -1e4])),
      vector(dtype, 2, 1, cycle([1, 0])),
      blankVector(2, 1),
    );
  });

  test.each([
    [0, 0, Math.LN2, 0.5],
    [0, 1, Math.LN2, -0.5],
    [Math.log(3), 1, Math.log(4 / 3), -0.25],
    [Math.log(3), 0, Math.log(4), 0.75],
  ])("of logit %d and label %d is %d, its gradient %d", (z, y, loss, gradient) => {
    const one = (x: number) => vector(dtype, 1, 1, () => x);
    const ulps = (dtype === "f32" ? 2 ** -23 : 2 ** -52) * 3;
    for (const got of run("known", (arena) => crossEntropy(arena, dtype, one(z), one(y), blankVector(1, 1)))) {
      expectWithin(got.values, [loss, gradient], [ulps, ulps], got.build);
    }
  });
});
