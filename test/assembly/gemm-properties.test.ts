/** gemm on sizes, strides and scalars that nobody chose. */
import fc from "fast-check";
import { describe, test } from "vitest";
import { dtypes, expectEqual } from "../compare.ts";
import { gemm as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { gemm } from "./calls.ts";
import { integers, type Operand, operand } from "./data.ts";

const run = everyBuild(1 << 21);

/** Strides of a matrix: either axis the inner one, any steps, 0 where elements may share their place. */
function anyOperand(m: number, n: number, seed: number, lowest: 0 | 1): fc.Arbitrary<Operand> {
  return fc
    .record({
      inner: fc.integer({ min: lowest, max: 3 }),
      gap: fc.integer({ min: 0, max: 3 }),
      repeat: fc.boolean(),
      rowsInside: fc.boolean(),
      shift: fc.integer({ min: 0, max: 15 }),
    })
    .map(({ inner, gap, repeat, rowsInside, shift }) => {
      const outer = repeat && lowest === 0 ? 0 : Math.max(1, inner) * (rowsInside ? m : n) + gap;
      const strides = (): [number, number] => (rowsInside ? [inner, outer] : [outer, inner]);
      return operand("f32", m, n, { name: "any", strides }, integers(seed), shift);
    });
}

const scalar = fc.constantFrom(0, 1, -1, 0.5, 2);
const short = fc.integer({ min: 0, max: 40 });
const long = fc.oneof({ weight: 3, arbitrary: short }, fc.integer({ min: 250, max: 530 }));

const cases = fc.tuple(short, short, long).chain(([m, n, k]) =>
  fc.record({
    a: anyOperand(m, k, 1, 0),
    b: anyOperand(k, n, 2, 0),
    c: anyOperand(m, n, 3, 1),
    alpha: scalar,
    beta: scalar,
  }),
);

describe.each(dtypes)("gemm_%s", (dtype) => {
  test("equals its definition for any sizes, strides, addresses and scalars", () => {
    fc.assert(
      fc.property(cases, ({ a, b, c, alpha, beta }) => {
        const want = oracle.of(a.rows, b.cols, a.cols, a.values, b.values, alpha, beta, c.values);
        for (const got of run("any", (arena) => gemm(arena, dtype, a, b, c, alpha, beta))) {
          expectEqual(got.values, want, got.build);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
