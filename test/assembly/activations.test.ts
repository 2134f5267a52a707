/** Every function of one number, the activations among them: loops, places, special values. */
import { describe, test } from "vitest";
import { type Dtype, dtypes, expectSame, expectUlp } from "../compare.ts";
import { unary as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { unary } from "./calls.ts";
import {
  between,
  blank,
  broadcasts,
  cycle,
  type Layout,
  layouts,
  operand,
  pick,
  relaid,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(1 << 16);
const rows = layouts[0] as Layout;
const everyInputLayout = [...layouts, ...broadcasts];
const functions = Object.entries(oracle);
const Infinite = Number.POSITIVE_INFINITY;

// Vectors are 4 (f32) or 2 (f64) elements; sizes around one and several of them.
const sizes = [
  [0, 4],
  [4, 0],
  [1, 1],
  [1, 2],
  [3, 1],
  [1, 4],
  [5, 3],
  [2, 5],
  [4, 8],
  [7, 9],
] as const;

/** Points of a function's domain that crowd around 0, and its ends. */
function points(name: string, dtype: Dtype, seed: number) {
  const [low, high] = oracle[name]!.domain[dtype];
  const near = between(seed, Math.max(low, -4), Math.min(high, 4));
  const far = between(seed + 1, low / 2, high / 2);
  const pattern = cycle([0, 1, 2, 3, 4]);
  return () => [near, near, far, near, cycle([low, high, near()])][pattern()]!();
}

describe.each(dtypes)("functions of one number in %s", (dtype) => {
  test.each(functions)("%s stays within its tolerance at every size, from and to every memory order", (name, f) => {
    sizes.forEach(([m, n], s) => {
      everyInputLayout.forEach((from, l) => {
        const to = pick(layouts, l + s);
        const x = operand(dtype, m, n, from, points(name, dtype, s + l), pick(shifts, l));
        const out = blank(m, n, to, pick(shifts, l + s));
        const label = `${name} of ${m} × ${n} from ${from.name} to ${to.name}`;
        for (const got of run(label, (arena) => unary(arena, dtype, name, x, out))) {
          expectUlp(dtype, got.values, x.values.map(f.of), f.ulp[dtype], `${label} on ${got.build}`);
        }
      });
    });
  });

  test.each(functions)("%s may write over its input", (name, f) => {
    for (const layout of layouts) {
      const x = operand(dtype, 5, 7, layout, points(name, dtype, 1), 4);
      const results = run(name, (arena) => {
        const out = arena.output(dtype, x);
        arena.call(`${name}_${dtype}`, 5, 7, out.at, x.rs, x.cs, out.at, x.rs, x.cs);
        return out.read();
      });
      for (const got of results) {
        const label = `${name} in ${layout.name} on ${got.build}`;
        expectUlp(dtype, got.values, x.values.map(f.of), f.ulp[dtype], label);
      }
    }
  });

  test.each(functions)("%s gives a number the same bits in a vector, in a tail and on its own", (name) => {
    const x = operand(dtype, 1, 19, rows, points(name, dtype, 5));
    const whole = run(name, (arena) => unary(arena, dtype, name, x, blank(1, 19, rows)));
    const column = { ...relaid(x, rows), rows: 19, cols: 1, rs: 1 };
    run(name, (arena) => unary(arena, dtype, name, column, blank(19, 1, layouts[4]!))).forEach((got, build) => {
      expectSame(got.values, whole[build]!.values, `${name} on ${got.build}`);
    });
  });

  // Where the oracle itself says what the limit is; the rest are the rows of `promised`.
  const limits = [0, -0, Infinite, -Infinite, Number.NaN, 1e30, -1e30, 3e38, -3e38];
  test.each(functions.filter(([name]) => name !== "tanh_derivative"))(
    "%s has its limits at infinity, its value at 0, and keeps NaN",
    (name, f) => {
      const x = vector(dtype, limits.length, 1, cycle(limits));
      for (const got of run(name, (arena) => unary(arena, dtype, name, x, blank(1, x.cols, rows)))) {
        expectUlp(dtype, got.values, x.values.map(f.of), f.ulp[dtype], `${name} on ${got.build}`);
      }
    },
  );

  const tiny = dtype === "f32" ? 2 ** -149 : 2 ** -1074;
  const promised: [name: string, x: number, y: number][] = [
    ["exp", dtype === "f32" ? 88.8 : 709.9, Infinite],
    ["exp", dtype === "f32" ? -103.9 : -745, tiny],
    ["exp", dtype === "f32" ? -104.1 : -746, 0],
    ["log", 0, -Infinite],
    ["log", -0, -Infinite],
    ["log", -1, Number.NaN],
    ["log", -tiny, Number.NaN],
    ["log", 1, 0],
    ["square_root", -1, Number.NaN],
    ["square_root", -0, -0],
    ["sigmoid", -1000, 0],
    ["sigmoid", 1000, 1],
    ["sigmoid", 0, 0.5],
    ["sigmoid_derivative", 0, 0.25],
    ["tanh", -0, -0],
    ["tanh", tiny, tiny],
    ["tanh", -30, -1],
    ["tanh_derivative", 0, 1],
    ["tanh_derivative", -Infinite, 0],
    ["tanh_derivative", Infinite, 0],
    ["tanh_derivative", Number.NaN, Number.NaN],
    ["relu", -tiny, 0],
    ["relu", tiny, tiny],
    ["relu_derivative", 0, 0],
    ["relu_derivative", tiny, 1],
    ["relu_derivative", -tiny, 0],
    ["leaky_relu", -100, dtype === "f32" ? Math.fround(100 * -Math.fround(0.01)) : -1],
    ["leaky_relu_derivative", 0, dtype === "f32" ? Math.fround(0.01) : 0.01],
    ["leaky_relu_derivative", tiny, 1],
  ];
  test.each(promised)("%s of %d is %d", (name, x, y) => {
    const input = vector(dtype, 1, 1, () => x);
    for (const got of run(name, (arena) => unary(arena, dtype, name, input, blank(1, 1, rows)))) {
      expectSame(got.values, [y], got.build);
    }
  });
});
