import fc from "fast-check";
import { describe, test } from "vitest";
import { dtypes, expectEqual, expectSame, expectWithin, rounded } from "../compare.ts";
import { dot as dotOracle, reductions } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { dot, reduce } from "./calls.ts";
import {
  between,
  blankVector,
  broadcasts,
  cycle,
  integers,
  type Layout,
  layouts,
  type Operand,
  operand,
  pick,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(1 << 16);
const runLong = everyBuild(1 << 20);
const runWide = everyBuild(5 << 19);
const [rows, columns] = layouts as [Layout, Layout];
const everyInputLayout = [...layouts, ...broadcasts];
const names = Object.keys(reductions);
const Infinite = Number.POSITIVE_INFINITY;
// Vectors are 4 (f32) or 2 (f64) elements, unrolled 4 times for sums and 2 times for extremes.
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33];
// Sums of f32 go over to f64 every 4096 terms.
// Contiguous columns are added 8 or 1 at a time in strips of 16 KB of at least 16 vectors, else 4 or 1 vectors of rows.
const columnSizes: [number, number][] = [
  ...[0, 1, 7, 8, 9, 17].flatMap((n) => [15, 16, 17, 31, 32, 33, 63, 64, 67].map((m): [number, number] => [m, n])),
  [2051, 9],
  [4103, 10],
  [67, 4096],
  [37, 4097],
];
const longLengths = [4095, 4096, 4097, 8192, 8193 + 16];

function rowsOf(x: Operand): Float64Array[] {
  return Array.from({ length: x.rows }, (_, i) => x.values.subarray(i * x.cols, (i + 1) * x.cols));
}

describe.each(dtypes)("reductions in %s", (dtype) => {
  test.each(names)("%s of rows of whole numbers is exact at every size, in every memory order", (name) => {
    for (const m of [0, 1, 3, 4, 5, 9]) {
      lengths.forEach((n, l) => {
        everyInputLayout.forEach((layout, i) => {
          const x = operand(dtype, m, n, layout, integers(n + i, 50), pick(shifts, i + l));
          const out = blankVector(m, pick([1, 2, 5], i + l), pick(shifts, l));
          const want = rowsOf(x).map((row) => rounded(dtype, reductions[name]!.of(row)));
          const label = `${name} of ${m} × ${n} in ${layout.name}`;
          for (const got of run(label, (arena) => reduce(arena, dtype, name, x, out))) {
            expectEqual(got.values, want, `${label} on ${got.build}`);
          }
        });
      });
    }
  });

  test.each(names)("%s of long rows is exact for whole numbers and within its bound for others", (name) => {
    const { of, bound } = reductions[name]!;
    for (const n of longLengths) {
      for (const layout of [rows, columns, layouts[4]!]) {
        for (const source of [integers(n), between(n, -1, 1)]) {
          const x = operand(dtype, 2, n, layout, source, 4);
          const want = rowsOf(x).map((row) => of(row));
          const whole = rowsOf(x).map((row) => row.every(Number.isInteger));
          // A mean of whole numbers is one division away from exact.
          const bounds = rowsOf(x).map((row, i) => (whole[i] ? Math.abs(want[i]!) * 2 ** -23 : bound(dtype, row)));
          const label = `${name} of ${n} in ${layout.name}`;
          for (const got of runLong(label, (arena) => reduce(arena, dtype, name, x, blankVector(2, 1)))) {
            expectWithin(got.values, want, bounds, `${label} on ${got.build}`);
          }
        }
      }
    }
  });

  test.each(["sum", "mean"])(
    "%s of contiguous columns is exact, with the same bits for every stride of the result",
    (name) => {
      for (const [m, n] of columnSizes) {
        for (const source of [integers(m), between(n, -1, 1)]) {
          const x = operand(dtype, m, n, columns, source, 4);
          const want = rowsOf(x).map((row) => reductions[name]!.of(row));
          const bounds = rowsOf(x).map((row, i) =>
            row.every(Number.isInteger) ? Math.abs(want[i]!) * 2 ** -23 : reductions[name]!.bound(dtype, row),
          );
          const label = `${name} of ${m} × ${n}`;
          const apart = runWide(label, (arena) => reduce(arena, dtype, name, x, blankVector(m, 2)));
          runWide(label, (arena) => reduce(arena, dtype, name, x, blankVector(m, 1, 8))).forEach((got, build) => {
            expectWithin(got.values, want, bounds, `${label} on ${got.build}`);
            expectSame(apart[build]!.values, got.values, `${label} on ${got.build}`);
          });
        }
      }
    },
  );

  test.each(["sum", "mean"])("%s has an error that does not grow with the length of the row", (name) => {
    const n = 40_000;
    for (const layout of [rows, columns]) {
      const x = operand(dtype, 2, n, layout, () => 0.1);
      const want = name === "sum" ? n * rounded(dtype, 0.1) : rounded(dtype, 0.1);
      const bound = want * (dtype === "f32" ? 4098 * 2 ** -24 : n * 2 ** -53);
      for (const got of runLong(name, (arena) => reduce(arena, dtype, name, x, blankVector(2, 1)))) {
        expectWithin(got.values, [want, want], [bound, bound], `${name} in ${layout.name} on ${got.build}`);
      }
    }
  });

  test.each([
    ["sum", 0],
    ["mean", Number.NaN],
    ["max", -Infinite],
    ["min", Infinite],
    ["argmax", -1],
  ] as const)("%s of nothing is %d", (name, value) => {
    for (const layout of layouts) {
      const x = operand(dtype, 5, 0, layout, () => 0);
      for (const got of run(name, (arena) => reduce(arena, dtype, name, x, blankVector(5, 1)))) {
        expectSame(got.values, [value, value, value, value, value], got.build);
      }
    }
  });

  test.each(["max", "min", "argmax"])("%s treats a NaN in any place as the extreme", (name) => {
    for (const n of [1, 2, 3, 4, 5, 8, 9, 11, 16, 19]) {
      for (const layout of layouts) {
        // Row i has a NaN in column i, and one more behind it.
        const x = operand(dtype, n + 1, n, layout, integers(n));
        for (let i = 0; i < n; i++) x.values[i * n + i] = Number.NaN;
        for (let i = 0; i < n; i += 2) x.values[i * n + n - 1] = Number.NaN;
        const want = rowsOf(x).map((row) => reductions[name]!.of(row));
        for (const got of run(name, (arena) => reduce(arena, dtype, name, x, blankVector(n + 1, 1)))) {
          expectSame(got.values, want, `${name} of ${n} in ${layout.name} on ${got.build}`);
        }
      }
    }
  });

  test.each(["max", "min", "argmax"])("%s finds its extreme in any place", (name) => {
    const sign = name === "min" ? -1 : 1;
    for (const n of [1, 2, 3, 4, 5, 8, 9, 11, 16, 19]) {
      for (const layout of layouts) {
        const x = operand(dtype, n, n, layout, () => -100 * sign);
        for (let i = 0; i < n; i++) x.values[i * n + i] = -99 * sign;
        const want = rowsOf(x).map((row) => reductions[name]!.of(row));
        for (const got of run(name, (arena) => reduce(arena, dtype, name, x, blankVector(n, 2)))) {
          expectSame(got.values, want, `${name} of ${n} in ${layout.name} on ${got.build}`);
        }
      }
    }
  });

  test.each([
    [
      [-Infinite, -Infinite],
      [-Infinite, -Infinite, 0],
    ],
    [
      [Infinite, 5, Infinite],
      [Infinite, 5, 0],
    ],
    [
      [-0, 0],
      [0, -0, 0],
    ],
    [
      [1, Infinite, -Infinite, 3, Infinite],
      [Infinite, -Infinite, 1],
    ],
    [
      [-7, -7, -7, -7, -7, -7, -7],
      [-7, -7, 0],
    ],
  ])("the max, min and argmax of %j are %j", (values, wanted) => {
    const x = vector(dtype, values.length, 1, cycle(values));
    ["max", "min", "argmax"].forEach((name, i) => {
      for (const got of run(name, (arena) => reduce(arena, dtype, name, x, blankVector(1, 1)))) {
        expectSame(got.values, [wanted[i]!], `${name} on ${got.build}`);
      }
    });
  });

  test("any reduction of any sizes and strides equals its definition", () => {
    const size = fc.integer({ min: 0, max: 40 });
    const cases = fc.record({
      name: fc.constantFrom(...names),
      m: size,
      n: size,
      layout: fc.constantFrom(...everyInputLayout),
      shift: fc.integer({ min: 0, max: 15 }),
      seed: fc.integer(),
      stride: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(cases, ({ name, m, n, layout, shift, seed, stride }) => {
        const x = operand(dtype, m, n, layout, integers(seed), shift);
        const want = rowsOf(x).map((row) => rounded(dtype, reductions[name]!.of(row)));
        for (const got of run(name, (arena) => reduce(arena, dtype, name, x, blankVector(m, stride)))) {
          expectEqual(got.values, want, `${name} on ${got.build}`);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe.each(dtypes)("dot_%s", (dtype) => {
  test.each([...lengths, ...longLengths])("of %d whole numbers is exact, of others within its bound", (n) => {
    for (const x_s of [1, 2, 0]) {
      for (const y_s of [1, 3, 0]) {
        const [x, y] = [vector(dtype, n, x_s, integers(n), 4), vector(dtype, n, y_s, integers(n + 1), 8)];
        const [u, v] = [vector(dtype, n, x_s, between(n, -1, 1)), vector(dtype, n, y_s, between(n + 1, -1, 1), 1)];
        const label = `strides ${x_s} and ${y_s}`;
        const want = [dotOracle.of(x.values, y.values), dotOracle.of(u.values, v.values)];
        const bounds = [0, dotOracle.bound(dtype, u.values, v.values)];
        const results = runLong(label, (arena) =>
          Float64Array.of(dot(arena, dtype, x, y), dot(arena, dtype, u, v)),
        );
        for (const got of results) expectWithin(got.values, want, bounds, `${label} on ${got.build}`);
      }
    }
  });
});
