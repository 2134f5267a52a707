import { describe, expect, test } from "vitest";
import { dtypes, expectEqual, expectSame, expectWithin } from "../compare.ts";
import { gemm as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { gemm } from "./calls.ts";
import {
  between,
  blank,
  broadcasts,
  columnsOf,
  cycle,
  integers,
  type Layout,
  layouts,
  type Operand,
  operand,
  pick,
  relaid,
  shifts,
} from "./data.ts";
import { builds, instantiate } from "./load.ts";

const everyInputLayout = [...layouts, ...broadcasts];
const [rows, columns] = layouts as [Layout, Layout];
const run = everyBuild(1 << 21);
const runLarge = everyBuild(6 << 20);

/** What gemm should give for these operands. */
function expected(a: Operand, b: Operand, c: Operand, alpha: number, beta: number): Float64Array {
  return oracle.of(a.rows, b.cols, a.cols, a.values, b.values, alpha, beta, c.values);
}

// Tiles are 5 or 6 rows by 8 (f32) or 4 (f64) columns; vectors 4 or 2 columns.
const tileEdges = [1, 4, 5, 6, 7, 11, 12, 13].flatMap((m) =>
  [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17].map((n) => [m, n] as const),
);
// Products of up to 8192 multiplications take the path without packing.
const aroundTheSwitch = tileEdges.flatMap(([m, n]) => {
  const k = Math.floor(8192 / (m * n));
  return [
    [m, n, k],
    [m, n, k + 1],
  ] as const;
});
const small = tileEdges.flatMap(([m, n]) => [1, 2, 3].map((k) => [m, n, k] as const));
const empty = [
  [0, 0, 0],
  [0, 5, 3],
  [5, 0, 3],
  [5, 9, 0],
  [1, 1, 0],
] as const;
// Blocks are 30 rows, 512 terms, 256 columns. Up to 4 terms, long rows of C are made without tiles.
const blockEdges = [
  ...[29, 30, 31, 60, 61].map((m) => [m, 9, 9] as const),
  ...[511, 512, 513, 1024, 1025].map((k) => [7, 9, k] as const),
  ...[511, 512, 513].map((k) => [2, 3, k] as const),
  ...[255, 256, 257, 513].map((n) => [6, n, 5] as const),
  ...[1, 2, 3, 4, 5].flatMap((k) => [31, 32, 33, 67].map((n) => [3, n, k] as const)),
] as const;
// A vector takes 8, 4 or 1 rows of B at once, or 4, 1 or no whole vector of columns, in strips of 16 KB.
const vectorSizes = [
  ...[0, 1, 3, 4, 5, 7, 8, 9, 12, 13, 17].map((k) => [21, k] as const),
  ...[1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 35].map((n) => [n, 11] as const),
  ...[255, 256, 257, 268, 520].map((k) => [37, k] as const),
  ...[1, 2, 7, 9].map((k) => [1030, k] as const),
  [2100, 9],
  [4099, 10],
  [2053, 261],
] as const;
const scalars = [
  [1, 0],
  [1, 1],
  [2, 0],
  [-0.5, 0.5],
  [0, 1],
  [0, 0],
  [1, -2],
  [-1, 0],
] as const;

describe.each(dtypes)("gemm_%s", (dtype) => {
  test.each([
    ["of empty sizes", empty],
    ["of small sizes at the tile's edges", small],
    ["on both sides of the switch to packing, at the tile's edges", aroundTheSwitch],
    ["at the edges of blocks", blockEdges],
  ] as const)("sums exactly the k products of each element %s", (_, cases) => {
    cases.forEach(([m, n, k], i) => {
      const a = operand(dtype, m, k, pick(layouts, i), integers(i), pick(shifts, i));
      const b = operand(dtype, k, n, pick(layouts, Math.floor(i / 6)), integers(i + 1), pick(shifts, i + 1));
      const c = blank(m, n, pick(layouts, Math.floor(i / 3)), pick(shifts, i + 2));
      const want = expected(a, b, c, 1, 0);
      const label = `${m} × ${k} × ${n}`;
      for (const got of run(label, (arena) => gemm(arena, dtype, a, b, c))) {
        expectEqual(got.values, want, `${label} on ${got.build}`);
      }
    });
  });

  test("reads nothing past operands that end where memory ends", () => {
    // Large enough to pack, with columns beyond whole panels in either operand.
    for (const [m, n, k] of [
      [23, 12, 512],
      [23, 13, 512],
      [1, 19, 9],
      [3, 67, 2],
    ] as const) {
      for (const transposed of [false, true]) {
        for (const build of builds) {
          const kernel = instantiate(build, 1 << 20);
          const { heapBase, memory, call } = kernel;
          const type = dtype === "f32" ? Float32Array : Float64Array;
          const item = type.BYTES_PER_ELEMENT;
          const end = memory.buffer.byteLength;
          const b = end - k * n * item;
          const a = b - m * k * item;
          for (const [x, y] of [[a, b] as const, [end - m * k * item, a] as const]) {
            new type(memory.buffer, a).fill(1);
            const [rows, columns] = [transposed ? [1, m] : [k, 1], transposed ? [1, k] : [n, 1]];
            const strides = [x, ...rows, y, ...columns] as const;
            call[`gemm_${dtype}`]!(m, n, k, ...strides, 1, 0, heapBase, n, 1, heapBase + m * n * item);
            const c = new type(memory.buffer, heapBase, m * n);
            expect(c.every((value) => value === k)).toBe(true);
          }
        }
      }
    }
  });

  test("gives a vector times a matrix exactly, and the same bits for the matrix in every memory order", () => {
    vectorSizes.forEach(([n, k], i) => {
      for (const beta of [0, 1]) {
        for (const source of [integers, (seed: number) => between(seed, -1, 1)]) {
          const a = operand(dtype, 1, k, pick(layouts, i), source(i), pick(shifts, i));
          const b = operand(dtype, k, n, rows, source(i + 1), pick(shifts, i + 1));
          const c = operand(dtype, 1, n, rows, source(i + 2), pick(shifts, i + 2));
          const label = `${k} × ${n}, beta ${beta}`;
          const plain = runLarge(label, (arena) => gemm(arena, dtype, a, b, c, 1, beta));
          if (source === integers) expectEqual(plain[0]!.values, expected(a, b, c, 1, beta), label);
          for (const layout of layouts.slice(1, n * k < 2000 ? undefined : 2)) {
            const other = relaid(b, layout, 4);
            runLarge(label, (arena) => gemm(arena, dtype, a, other, c, 1, beta)).forEach((got, build) => {
              expectSame(got.values, plain[build]!.values, `${label}, B in ${layout.name} on ${got.build}`);
            });
          }
        }
      }
    });
  });

  test("crosses the edges of all three blocks at once", () => {
    const a = operand(dtype, 121, 257, columns, integers(1));
    const b = operand(dtype, 257, 513, rows, integers(2), 4);
    for (const layout of [rows, columns]) {
      const c = operand(dtype, 121, 513, layout, integers(3), 8);
      const want = expected(a, b, c, 2, 1);
      for (const got of runLarge(layout.name, (arena) => gemm(arena, dtype, a, b, c, 2, 1))) {
        expectEqual(got.values, want, `${layout.name} on ${got.build}`);
      }
    }
  });

  test.each([
    ["without packing", 7, 9, 3],
    ["packed", 13, 17, 40],
  ])("takes operands and result in any memory order, repeated inputs too, %s", (_, m, n, k) => {
    let i = 0;
    for (const ofA of everyInputLayout) {
      for (const ofB of everyInputLayout) {
        const ofC = pick(layouts, i++);
        const a = operand(dtype, m, k, ofA, integers(i), pick(shifts, i));
        const b = operand(dtype, k, n, ofB, integers(i + 1), pick(shifts, i + 2));
        const c = operand(dtype, m, n, ofC, integers(i + 2), pick(shifts, i + 4));
        const want = expected(a, b, c, 1, 1);
        const label = `${ofA.name} × ${ofB.name} in ${ofC.name}`;
        for (const got of run(label, (arena) => gemm(arena, dtype, a, b, c, 1, 1))) {
          expectEqual(got.values, want, `${label} on ${got.build}`);
        }
      }
    }
  });

  test.each(scalars)("scales by alpha %d and adds C times beta %d", (alpha, beta) => {
    for (const [m, n, k] of [
      [5, 9, 0],
      [7, 11, 3],
      [7, 11, 120],
      [3, 2, 300],
      [7, 11, 520],
    ] as const) {
      for (const layout of layouts) {
        const a = operand(dtype, m, k, rows, integers(k));
        const b = operand(dtype, k, n, columns, integers(k + 1));
        const c = operand(dtype, m, n, layout, integers(k + 2));
        const want = expected(a, b, c, alpha, beta);
        const label = `k = ${k}, C in ${layout.name}`;
        for (const got of run(label, (arena) => gemm(arena, dtype, a, b, c, alpha, beta))) {
          expectEqual(got.values, want, `${label} on ${got.build}`);
        }
      }
    }
  });

  test("never reads C when beta, rounded to the dtype, is 0", () => {
    for (const beta of [0, -0, dtype === "f32" ? 1e-60 : 0]) {
      for (const k of [0, 3, 120, 520]) {
        for (const layout of layouts) {
          const a = operand(dtype, 7, k, rows, integers(k));
          const b = operand(dtype, k, 11, rows, integers(k + 1));
          const c = blank(7, 11, layout);
          const want = expected(a, b, c, 1, 0);
          for (const got of run(layout.name, (arena) => gemm(arena, dtype, a, b, c, 1, beta))) {
            expectEqual(got.values, want, `k = ${k}, C in ${layout.name} on ${got.build}`);
          }
        }
      }
    }
  });

  test("reads C when beta is not 0, so a NaN in C stays", () => {
    const c = operand(dtype, 7, 11, rows, cycle([1, 2, Number.NaN]));
    for (const k of [0, 3, 120]) {
      const a = operand(dtype, 7, k, rows, integers(k));
      const b = operand(dtype, k, 11, rows, integers(k + 1));
      const want = expected(a, b, c, 1, 1);
      for (const got of run(`k = ${k}`, (arena) => gemm(arena, dtype, a, b, c, 1, 1))) {
        expectEqual(got.values, want, `k = ${k} on ${got.build}`);
      }
    }
  });

  test("keeps NaN and infinity in their rows and columns", () => {
    for (const [m, n, k] of [
      [7, 11, 3],
      [7, 11, 120],
    ] as const) {
      const a = operand(
        dtype,
        m,
        k,
        rows,
        cycle([...Array(3 * k).fill(1), 1, Number.POSITIVE_INFINITY, ...Array(k).fill(2)]),
      );
      const b = operand(
        dtype,
        k,
        n,
        rows,
        cycle([...Array(2 * n + 4).fill(1), Number.NaN, ...Array(n * k).fill(1)]),
      );
      const c = blank(m, n, rows);
      const want = expected(a, b, c, 1, 0);
      expect(want.filter(Number.isFinite).length).toBeGreaterThan(40);
      for (const got of run(`k = ${k}`, (arena) => gemm(arena, dtype, a, b, c))) {
        expectEqual(got.values, want, `k = ${k} on ${got.build}`);
      }
    }
  });

  test.each([
    [16, 16, 32],
    [16, 16, 33],
    [30, 31, 256],
    [30, 31, 700],
  ])("is off by no more than k roundings of the products' sizes: %d × %d × %d", (m, n, k) => {
    const a = operand(dtype, m, k, rows, between(1, -1, 1));
    const b = operand(dtype, k, n, columns, between(2, -1, 1), 4);
    const c = operand(dtype, m, n, rows, between(3, -1, 1), 8);
    const want = expected(a, b, c, 0.3, -0.7);
    const bound = oracle.bound(dtype, m, n, k, a.values, b.values, 0.3, -0.7, c.values);
    for (const got of run("random", (arena) => gemm(arena, dtype, a, b, c, 0.3, -0.7))) {
      expectWithin(got.values, want, bound, got.build);
    }
  });

  test("gives the same bits in every memory order of A, B and C", () => {
    for (const [m, n, k] of [
      [9, 11, 5],
      [13, 17, 300],
    ] as const) {
      const a = operand(dtype, m, k, rows, between(1, -1, 1));
      const b = operand(dtype, k, n, rows, between(2, -1, 1));
      const c = operand(dtype, m, n, rows, between(3, -1, 1));
      const plain = run("rows", (arena) => gemm(arena, dtype, a, b, c, 0.3, 0.7));
      layouts.forEach((layout, i) => {
        const [x, y, z] = [relaid(a, layout), relaid(b, pick(layouts, i + 1)), relaid(c, pick(layouts, i + 3), 4)];
        run(layout.name, (arena) => gemm(arena, dtype, x, y, z, 0.3, 0.7)).forEach((got, build) => {
          expectSame(got.values, plain[build]!.values, `A in ${layout.name}, k = ${k}, on ${got.build}`);
        });
      });
    }
  });

  test("gives an element the same bits whatever the size of the product around it", () => {
    const [m, n, k] = [13, 17, 300];
    const a = operand(dtype, m, k, rows, between(1, -1, 1));
    const b = operand(dtype, k, n, rows, between(2, -1, 1));
    const whole = run("whole", (arena) => gemm(arena, dtype, a, b, blank(m, n, rows)));
    for (let j = 0; j < n; j += 4) {
      const column = columnsOf(b, j, j + 1, rows);
      run("column", (arena) => gemm(arena, dtype, a, column, blank(m, 1, rows))).forEach((got, build) => {
        const want = whole[build]!.values.filter((_, i) => i % n === j);
        expectSame(got.values, want, `column ${j} on ${got.build}`);
      });
    }
  });
});
