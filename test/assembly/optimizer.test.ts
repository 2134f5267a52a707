import { describe, test } from "vitest";
import { dtypes, expectSame, expectWithin } from "../compare.ts";
import { gradientStep as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { gradientStep } from "./calls.ts";
import { between, integers, pick, shifts, vector } from "./data.ts";

const run = everyBuild(1 << 16);
// Vectors are 4 (f32) or 2 (f64) elements; weights and biases are updated apart.
const sizes = [0, 1, 2, 3, 4, 5, 8, 9, 17].flatMap((n) =>
  [0, 1, 2, 3, 4, 5, 8, 16].filter((n_w) => n_w <= n).map((n_w) => [n, n_w] as const),
);

describe.each(dtypes)("gradient_step_%s", (dtype) => {
  test("moves against the gradient and decays the first n_w parameters only, exactly for whole numbers", () => {
    sizes.forEach(([n, n_w], i) => {
      const p = vector(dtype, n, 1, integers(n, 9), pick(shifts, i));
      const g = vector(dtype, n, 1, integers(n_w, 9), pick(shifts, i / 2));
      const want = [...oracle.of(n_w, 0.5, 0.25, 2, p.values, g.values), ...Array(n).fill(0)];
      for (const got of run(`${n_w} of ${n}`, (arena) => gradientStep(arena, dtype, n_w, [0.5, 0.25, 2], p, g))) {
        expectSame(got.values, want, `${n_w} of ${n} on ${got.build}`);
      }
    });
  });

  test.each([
    [0.1, 1 / 569, 0],
    [1.2, 1 / 400, 1 / 400],
    [0.01, 1, 0.3],
    [0, 1, 1],
  ])("rounds a few times only with rate %d, scale %d, decay %d", (rate, scale, decay) => {
    const p = vector(dtype, 23, 1, between(1, -3, 3), 4);
    const g = vector(dtype, 23, 1, between(2, -100, 100), 1);
    const want = [...oracle.of(19, rate, scale, decay, p.values, g.values), ...Array(23).fill(0)];
    const bound = [...oracle.bound(dtype, 19, rate, scale, decay, p.values, g.values), ...Array(23).fill(0)];
    for (const got of run("step", (arena) => gradientStep(arena, dtype, 19, [rate, scale, decay], p, g))) {
      expectWithin(got.values, want, bound, got.build);
    }
  });
});
