/** The searches of reduce.ts for values that training cannot use. */
import { describe, test } from "vitest";
import { dtypes, expectSame } from "../compare.ts";
import { findNonClass as nonClass, findNonFinite as nonFinite } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { findNonClass, findNonFinite } from "./calls.ts";
import { between, classNumbers, cycle, type Layout, layouts, operand, pick, relaid, vector } from "./data.ts";

const run = everyBuild(1 << 16);
const [rows, columns] = layouts as [Layout, Layout];
const Infinite = Number.POSITIVE_INFINITY;

describe.each(dtypes)("searches in %s", (dtype) => {
  test("find_non_finite finds a NaN or an infinity in any place of any memory order, and nothing else", () => {
    for (const [m, n] of [
      [0, 3],
      [3, 0],
      [1, 1],
      [3, 5],
      [5, 4],
      [2, 9],
    ] as const) {
      for (const layout of layouts) {
        const clean = operand(dtype, m, n, layout, between(m, -3e38, 3e38));
        for (let place = -1; place < m * n; place++) {
          const x = { ...clean, values: clean.values.slice() };
          if (place >= 0) x.values[place] = pick([Number.NaN, Infinite, -Infinite], place);
          const label = `${m} × ${n} in ${layout.name}`;
          for (const got of run(label, (arena) => Float64Array.of(findNonFinite(arena, dtype, x)))) {
            expectSame(got.values, [nonFinite(x.values)], `${label} on ${got.build}`);
          }
        }
      }
    }
  });

  test("find_non_finite names the first of several along the memory order", () => {
    const values = cycle([1, 2, 3, 4, Infinite, 6, Number.NaN, 8, 9, Infinite, 1, 1]);
    const x = operand(dtype, 3, 4, rows, values); // bad at (1, 0), (1, 2), (2, 1)
    const y = relaid(x, columns);
    for (const z of [x, y]) {
      for (const got of run("several", (arena) => Float64Array.of(findNonFinite(arena, dtype, z)))) {
        expectSame(got.values, [4], got.build);
      }
    }
  });

  test.each([1, 2, 3, 10])("find_non_class finds the first label that is none of %i, whatever the stride", (k) => {
    for (const n of [0, 1, 2, 3, 4, 5, 9, 16, 19]) {
      for (const stride of [1, 2, 5]) {
        const clean = vector(dtype, n, stride, classNumbers(n, k), 4);
        for (let place = -1; place < n; place++) {
          const y = { ...clean, values: clean.values.slice() };
          if (place >= 0) y.values[place] = pick([0.5, -1, k, Number.NaN, Infinite, k - 0.5, -Infinite], place);
          if (place >= 0 && n > 3) y.values[n - 1] = k + 5;
          for (const got of run("labels", (arena) => Float64Array.of(findNonClass(arena, dtype, k, y)))) {
            expectSame(got.values, [nonClass(k, y.values)], `${n} with stride ${stride} on ${got.build}`);
          }
        }
      }
    }
  });
});
