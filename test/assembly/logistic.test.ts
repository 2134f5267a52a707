import { describe, test } from "vitest";
import { type Dtype, dtypes, epsilon, expectEqual, expectSame, expectWithin, rounded } from "../compare.ts";
import { logistic as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { logisticGradient, logisticLogits } from "./calls.ts";
import {
  between,
  blankVector,
  broadcasts,
  columnsOf,
  cycle,
  integers,
  type Layout,
  labels,
  layouts,
  operand,
  pick,
  relaid,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(1 << 20);
const rows = layouts[0] as Layout;

// A block is 256 samples of up to 16 (f32) or 8 (f64) features, fewer of wider ones, and 32 at least. Where features are
// contiguous it falls into pieces of 4 KB and more than 15 samples, which share losses of up to 128 (f32) or 64 samples.
// Logits take 8 samples and pairs of vectors of features at once, gradients 4 samples and 8 (f32) or 4 (f64) features.
const sizes: [n_x: number, m: number][] = [
  [0, 0],
  [0, 5],
  [3, 0],
  ...[1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33].map((m) => [3, m] as [number, number]),
  ...[1, 2, 3, 4, 5, 7, 8, 9, 12, 14, 15].map((m) => [7, m] as [number, number]),
  ...[1, 2, 4, 5, 6, 7, 8, 9, 12, 16, 17, 18, 19, 32, 33].map((n_x) => [n_x, 21] as [number, number]),
  ...[255, 256, 257, 511, 512, 513, 1030].map((m) => [2, m] as [number, number]),
  ...[63, 64, 65, 127, 128, 129, 255, 256, 257, 300].map((m) => [9, m] as [number, number]),
  ...[10, 11, 13, 15, 20, 23, 24, 29, 31].map((n_x) => [n_x, 43] as [number, number]),
  ...[7, 8, 9, 25, 26, 27, 31, 32, 33, 39, 40, 41, 127, 128, 129, 500].map((m) => [33, m] as [number, number]),
  ...[15, 16, 17, 33].map((m) => [600, m] as [number, number]),
];

function data(dtype: Dtype, n_x: number, m: number, layout = rows, shift = 0) {
  return {
    x: operand(dtype, n_x, m, layout, between(n_x + m, -2, 2), shift),
    y: vector(dtype, m, 1, labels(m), pick(shifts, m)),
    parameters: vector(dtype, n_x + 1, 1, between(m, -0.5, 0.5), pick(shifts, n_x)),
    zero: vector(dtype, n_x + 1, 1, () => 0, pick(shifts, n_x + m)),
  };
}

describe.each(dtypes)("logistic_gradient_%s", (dtype) => {
  test.each([...layouts, ...broadcasts])(
    "gives the sums of losses and gradients at every size, X in $name",
    (layout) => {
      sizes.forEach(([n_x, m], i) => {
        const { x, y, parameters, zero } = data(dtype, n_x, m, layout, pick(shifts, i));
        const want = oracle.gradient(n_x, m, x.values, y.values, parameters.values);
        const bound = oracle.bound(dtype, n_x, m, x.values, y.values, parameters.values);
        const label = `${n_x} × ${m}`;
        for (const got of run(label, (arena) => logisticGradient(arena, dtype, x, y, parameters, zero))) {
          const message = `${label} on ${got.build}`;
          expectWithin(got.values, [want.loss, ...want.gradient], [bound.loss, ...bound.gradient], message);
        }
      });
    },
  );

  test.each(layouts)("weighs the samples, X in $name", (layout) => {
    sizes.forEach(([n_x, m], i) => {
      const { x, y, parameters, zero } = data(dtype, n_x, m, layout, pick(shifts, i));
      const s = vector(dtype, m, pick([1, 2, 0], i), cycle([0.3, 0, 2, 1, 7.7]), pick(shifts, i));
      const given = [x.values, y.values, parameters.values, s.values] as const;
      const want = oracle.gradient(n_x, m, ...given);
      const bound = oracle.bound(dtype, n_x, m, ...given);
      const label = `${n_x} × ${m}`;
      for (const got of run(label, (arena) => logisticGradient(arena, dtype, x, y, parameters, zero, s))) {
        const message = `${label} on ${got.build}`;
        expectWithin(got.values, [want.loss, ...want.gradient], [bound.loss, ...bound.gradient], message);
      }
    });
  });

  test("counts every sample and feature once: with zero weights the sums are exact", () => {
    sizes.forEach(([n_x, m], i) => {
      // σ(0) = ½, so dz = ±½ and the sums are of halves of whole numbers.
      const x = operand(dtype, n_x, m, pick(layouts, i), integers(i), pick(shifts, i));
      const y = vector(dtype, m, pick([1, 2, 3], i), labels(i), 4);
      const zero = vector(dtype, n_x + 1, 1, () => 0);
      const { gradient } = oracle.gradient(n_x, m, x.values, y.values, zero.values);
      for (const got of run("halves", (arena) => logisticGradient(arena, dtype, x, y, zero, zero))) {
        expectEqual(got.values.slice(1), gradient, `${n_x} × ${m} on ${got.build}`);
      }
    });
  });

  test("gives the same bits for X in every memory order", () => {
    for (const [n_x, m] of [
      ...[8, 9, 10, 11, 12, 13, 16, 31, 32].map((n_x) => [n_x, 135] as const),
      ...[1, 2, 3, 4, 5, 6, 8, 9, 31, 66, 129].map((m) => [18, m] as const),
      [9, 259],
      [1, 7],
      [5, 37],
      [6, 22],
      [7, 15],
      [14, 11],
      [19, 530],
      [33, 520],
      [600, 37],
    ] as const) {
      const { x, y, parameters, zero } = data(dtype, n_x, m);
      const plain = run("rows", (arena) => logisticGradient(arena, dtype, x, y, parameters, zero));
      for (const layout of layouts) {
        const other = relaid(x, layout, 4);
        const results = run(layout.name, (arena) => logisticGradient(arena, dtype, other, y, parameters, zero));
        results.forEach((got, build) => {
          expectSame(got.values, plain[build]!.values, `${n_x} × ${m} in ${layout.name} on ${got.build}`);
        });
      }
    }
  });

  test("sums the losses alone to the same bits where there is no gradient", () => {
    sizes.forEach(([n_x, m], i) => {
      const { x, y, parameters, zero } = data(dtype, n_x, m, pick(layouts, i));
      const s = i % 3 === 0 ? vector(dtype, m, 1, cycle([0.3, 0, 2])) : undefined;
      const whole = run("both", (arena) => logisticGradient(arena, dtype, x, y, parameters, zero, s));
      const alone = run("losses", (arena) => logisticGradient(arena, dtype, x, y, parameters, undefined, s));
      alone.forEach((got, build) => {
        expectSame(got.values, [whole[build]!.values[0]!], `${n_x} × ${m} on ${got.build}`);
      });
    });
  });

  test.each(layouts.slice(0, 2))("reads nothing past X in $name that ends where memory ends", (layout) => {
    for (const n_x of [1, 3, 7, 8, 9, 11, 15, 17, 33]) {
      for (const m of [1, 3, 5, 7, 8, 9, 11, 15, 33, 41]) {
        const { x, y, parameters, zero } = data(dtype, n_x, m, layout);
        const want = run("inside", (arena) => logisticGradient(arena, dtype, x, y, parameters, zero));
        const atEnd = run("at the end", (arena) => {
          arena.clear(0, 0);
          return logisticGradient(arena, dtype, x, y, parameters, zero);
        });
        atEnd.forEach((got, build) => {
          expectSame(got.values, want[build]!.values, `${n_x} × ${m} on ${got.build}`);
        });
        run("logits at the end", (arena) => {
          arena.clear(0, 0);
          return logisticLogits(arena, dtype, x, parameters, blankVector(m, 1));
        });
      }
    }
  });

  test("adds to the gradient it is given, so two halves make the whole", () => {
    const [n_x, m] = [5, 700];
    const { x, y, parameters } = data(dtype, n_x, m);
    const before = vector(dtype, n_x + 1, 1, integers(3, 9));
    const want = oracle.gradient(n_x, m, x.values, y.values, parameters.values);
    const bound = oracle.bound(dtype, n_x, m, x.values, y.values, parameters.values);
    for (const cut of [0, 1, 333, 512, 700]) {
      const results = run(`cut at ${cut}`, (arena) => {
        const part = (start: number, end: number, gradient: Float64Array) => {
          arena.clear();
          const sums = { ...before, values: gradient };
          const samples = [columnsOf(x, start, end, rows), columnsOf(y, start, end, rows)] as const;
          return logisticGradient(arena, dtype, ...samples, parameters, sums);
        };
        const first = part(0, cut, before.values);
        const both = part(cut, m, first.slice(1));
        return Float64Array.of(first[0]! + both[0]!, ...both.slice(1));
      });
      const start = [0, ...before.values];
      const allowed = [bound.loss, ...bound.gradient].map((e, i) => e + 4 * epsilon[dtype] * Math.abs(start[i]!));
      for (const got of results) {
        const wanted = [want.loss, ...want.gradient].map((g, i) => g + start[i]!);
        expectWithin(got.values, wanted, allowed, `cut at ${cut} on ${got.build}`);
      }
    }
  });
});

describe("logistic_gradient_f64", () => {
  test("is the slope of its own loss, by central differences", () => {
    const [n_x, m, h] = [6, 40, 1e-5];
    const { x, y, parameters, zero } = data("f64", n_x, m);
    const results = run("slope", (arena) => {
      const lossAt = (k: number, by: number) => {
        arena.clear();
        const moved = { ...parameters, values: parameters.values.map((p, i) => (i === k ? p + by : p)) };
        return logisticGradient(arena, "f64", x, y, moved, zero)[0]!;
      };
      return zero.values.map((_, k) => (lossAt(k, h) - lossAt(k, -h)) / (2 * h));
    });
    const gradients = run("gradient", (arena) => logisticGradient(arena, "f64", x, y, parameters, zero));
    results.forEach((slope, build) => {
      // h²/6 times a third derivative of at most m·2³/10, and the loss's rounding over h.
      const allowed = slope.values.map(() => 2e-9);
      expectWithin(gradients[build]!.values.slice(1), slope.values, allowed, slope.build);
    });
  });
});

describe.each(dtypes)("logistic_logits_%s", (dtype) => {
  test("gives wᵀx + b of every sample, exactly for whole numbers, at every size and memory order", () => {
    sizes.forEach(([n_x, m], i) => {
      for (const layout of n_x * m > 1000 ? [pick(layouts, i)] : layouts) {
        const x = operand(dtype, n_x, m, layout, integers(i), pick(shifts, i));
        const parameters = vector(dtype, n_x + 1, 1, integers(i + 1), pick(shifts, i / 6));
        const z = blankVector(m, pick([1, 2, 5], i), pick(shifts, i / 2));
        const want = oracle.logits(n_x, m, x.values, parameters.values);
        const label = `${n_x} × ${m} in ${layout.name}`;
        for (const got of run(label, (arena) => logisticLogits(arena, dtype, x, parameters, z))) {
          expectEqual(got.values, want, `${label} on ${got.build}`);
        }
      }
    });
  });

  test("stays within its bound and gives a sample the same bits alone and among others", () => {
    const [n_x, m] = [33, 300];
    const { x, parameters } = data(dtype, n_x, m);
    const bound = oracle.logitsBound(dtype, n_x, m, x.values, parameters.values);
    const want = oracle.logits(n_x, m, x.values, parameters.values).map((z) => rounded(dtype, z));
    const whole = run("all", (arena) => logisticLogits(arena, dtype, x, parameters, blankVector(m, 1)));
    for (const got of whole) expectWithin(got.values, want, bound, got.build);
    for (const j of [0, 1, 3, 15, 17, 255, 256, 299]) {
      const alone = columnsOf(x, j, j + 1, rows);
      run("one", (arena) => logisticLogits(arena, dtype, alone, parameters, blankVector(1, 1))).forEach(
        (got, build) => {
          expectSame(got.values, [whole[build]!.values[j]!], `sample ${j} on ${got.build}`);
        },
      );
    }
  });
});
