import fc from "fast-check";
import { describe, test } from "vitest";
import { dtypes, expectSame, expectUlp, type Numbers, rounded } from "../compare.ts";
import { binary as oracle, unary as unaryOracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { binary, unary } from "./calls.ts";
import {
  between,
  blank,
  broadcasts,
  cycle,
  type Layout,
  layouts,
  type Operand,
  operand,
  pick,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(1 << 16);
const rows = layouts[0] as Layout;
const everyInputLayout = [...layouts, ...broadcasts];
// Vectors are 4 (f32) or 2 (f64) elements; sizes around one and several of them.
const sizes = [
  [0, 0],
  [0, 3],
  [3, 0],
  [1, 1],
  [1, 5],
  [5, 1],
  [2, 2],
  [3, 3],
  [3, 4],
  [4, 3],
  [2, 7],
  [7, 8],
  [8, 9],
  [9, 17],
] as const;
const binaries = Object.entries(oracle);
const Infinite = Number.POSITIVE_INFINITY;
const specials = [0, -0, 1, -1, Infinite, -Infinite, Number.NaN, 1e-42, -5e-324, 3e38, 1.5];

function pairwise(of: (a: number, b: number) => number, a: Numbers, b: Numbers): Float64Array {
  return Float64Array.from(a, (v, i) => of(v, b[i]!));
}

describe.each(dtypes)("binary operations in %s", (dtype) => {
  test.each(binaries)("%s rounds correctly at every size", (name, { of, ulp }) => {
    sizes.forEach(([m, n], i) => {
      layouts.forEach((layout, l) => {
        const a = operand(dtype, m, n, pick(everyInputLayout, i + l), between(i, -9, 9), pick(shifts, i));
        const b = operand(dtype, m, n, pick(everyInputLayout, i * l + l), between(i + 1, -9, 9), pick(shifts, l));
        const out = blank(m, n, layout, pick(shifts, i + l));
        const want = pairwise(of, a.values, b.values);
        for (const got of run(name, (arena) => binary(arena, dtype, name, a, b, out))) {
          expectUlp(dtype, got.values, want, ulp[dtype], `${name} of ${m} × ${n} on ${got.build}`);
        }
      });
    });
  });

  test("subtract broadcasts either input, from and to every memory order", () => {
    for (const [m, n] of [
      [5, 7],
      [3, 8],
    ] as const) {
      let i = 0;
      for (const ofA of everyInputLayout) {
        for (const ofB of everyInputLayout) {
          for (const ofOut of layouts) {
            const a = operand(dtype, m, n, ofA, between(i, -9, 9), pick(shifts, i));
            const b = operand(dtype, m, n, ofB, between(i + 1, -9, 9), pick(shifts, i / 3));
            const out = blank(m, n, ofOut, pick(shifts, i++ / 5));
            const want = pairwise((x, y) => rounded(dtype, x - y), a.values, b.values);
            const label = `${ofA.name} − ${ofB.name} to ${ofOut.name}`;
            for (const got of run(label, (arena) => binary(arena, dtype, "subtract", a, b, out))) {
              expectSame(got.values, want, `${label} on ${got.build}`);
            }
          }
        }
      }
    }
  });

  test.each(binaries)("%s may write over either input", (name, { of, ulp }) => {
    for (const layout of layouts) {
      for (const other of everyInputLayout) {
        const a = operand(dtype, 5, 9, layout, between(1, -9, 9), 4);
        const b = operand(dtype, 5, 9, other, between(2, -9, 9), 8);
        for (const overLeft of [true, false]) {
          const [left, right] = overLeft ? [a, b] : [b, a];
          const want = pairwise(of, left.values, right.values);
          const label = `${name} over the ${overLeft ? "left" : "right"} in ${layout.name}`;
          const results = run(label, (arena) => {
            const fixed = arena.input(dtype, b);
            const out = arena.output(dtype, a);
            const [p, q] = overLeft ? [out.at, fixed] : [fixed, out.at];
            const strides = [left.rs, left.cs, right.rs, right.cs] as const;
            arena.call(
              `${name}_${dtype}`,
              ...[5, 9, p, strides[0], strides[1], q, strides[2], strides[3], out.at, a.rs, a.cs],
            );
            return out.read();
          });
          for (const got of results) {
            expectUlp(dtype, got.values, want, ulp[dtype], `${label}, other ${other.name}, on ${got.build}`);
          }
        }
      }
    }
  });

  test.each(binaries)(
    "%s follows IEEE 754 with NaN, infinities, zeros and subnormal numbers",
    (name, { of, ulp }) => {
      const n = specials.length ** 2;
      const a = vector(dtype, n, 1, cycle(specials));
      let i = 0;
      const b = vector(dtype, n, 1, () => specials[Math.floor(i++ / specials.length)]!);
      const want = pairwise(of, a.values, b.values);
      for (const got of run(name, (arena) => binary(arena, dtype, name, a, b, blank(1, n, rows)))) {
        expectUlp(dtype, got.values, want, ulp[dtype], `${name} on ${got.build}`);
      }
    },
  );

  test("any operation on any sizes and strides equals its definition", () => {
    const stride = fc.integer({ min: 0, max: 5 });
    const anyOperand = (m: number, n: number, seed: number): fc.Arbitrary<Operand> =>
      fc.record({ rs: stride, cs: stride, shift: fc.integer({ min: 0, max: 15 }) }).map(({ rs, cs, shift }) => {
        // Elements may share places only along an axis of stride 0.
        const layout = { name: "any", strides: (): [number, number] => [rs && rs + n * cs, cs] };
        return operand(dtype, m, n, layout, between(seed, -9, 9), shift);
      });
    const size = fc.integer({ min: 0, max: 20 });
    const cases = fc
      .tuple(size, size, fc.constantFrom(...binaries), fc.constantFrom(...layouts))
      .chain(([m, n, operation, layout]) =>
        fc.record({
          operation: fc.constant(operation),
          a: anyOperand(m, n, 1),
          b: anyOperand(m, n, 2),
          out: fc.constant(blank(m, n, layout)),
        }),
      );
    fc.assert(
      fc.property(cases, ({ operation: [name, { of, ulp }], a, b, out }) => {
        const want = pairwise(of, a.values, b.values);
        for (const got of run(name, (arena) => binary(arena, dtype, name, a, b, out))) {
          expectUlp(dtype, got.values, want, ulp[dtype], `${name} on ${got.build}`);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe.each(dtypes)("negate, absolute and square_root in %s", (dtype) => {
  test.each(["negate", "absolute", "square_root"])("%s rounds correctly, keeps NaN and zeros' signs", (name) => {
    const x = vector(dtype, specials.length + 8, 1, cycle([...specials, 2, 3, 4]));
    const want = x.values.map(unaryOracle[name]!.of);
    for (const got of run(name, (arena) => unary(arena, dtype, name, x, blank(1, x.cols, rows)))) {
      expectUlp(dtype, got.values, want, 0, `${name} on ${got.build}`);
    }
  });
});
