import { describe, expect, test } from "vitest";
import { type Dtype, dtypes, expectSame } from "../compare.ts";
import { Arena, everyBuild } from "./arena.ts";
import { takeColumns, unary } from "./calls.ts";
import {
  between,
  blank,
  broadcasts,
  cycle,
  integers,
  type Layout,
  layouts,
  type Operand,
  operand,
  pick,
  randomFrom,
  shifts,
  vector,
} from "./data.ts";
import { builds } from "./load.ts";

const run = everyBuild(1 << 16);
const rows = layouts[0] as Layout;
// Vectors and transposed tiles are 4 (f32) or 2 (f64) elements wide.
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17];

/** Random numbers with what only a bitwise copy keeps. */
function values(dtype: Dtype, seed: number) {
  const random = between(seed, -1, 1);
  const special = cycle([Number.NaN, -0, Number.POSITIVE_INFINITY, dtype === "f32" ? 1e-42 : 5e-324, random()]);
  return () => (random() < 0.5 ? random() : special());
}

describe.each(dtypes)("copy_%s", (dtype) => {
  test.each(lengths)("keeps every element of %d rows, between any two memory orders", (count) => {
    for (const cols of lengths) {
      [...layouts, ...broadcasts].forEach((from, f) => {
        layouts.forEach((to, t) => {
          const x = operand(dtype, count, cols, from, values(dtype, cols), pick(shifts, f));
          const out = blank(count, cols, to, pick(shifts, f + t));
          const label = `${count} × ${cols} from ${from.name} to ${to.name}`;
          for (const got of run(label, (arena) => unary(arena, dtype, "copy", x, out))) {
            expectSame(got.values, x.values, `${label} on ${got.build}`);
          }
        });
      });
    }
  });

  test("keeps the bits of a NaN", () => {
    const bits = dtype === "f32" ? [0x7fa12345, 0xffc00001] : [0x12345678, 0x7ff45678, 1, 0xfff80000];
    // The same bytes as numbers of 32 bits, placed as u32 and copied as the dtype.
    const perElement = dtype === "f32" ? 1 : 2;
    for (const build of builds) {
      const arena = new Arena(build, 4096);
      for (const n of [1, 2, 3, 4, 6]) {
        arena.clear();
        const words = vector("f64", n * perElement, 1, cycle(bits));
        const at = arena.input("u32", words);
        const out = arena.output("u32", words);
        arena.call(`copy_${dtype}`, 1, n, at, 0, 1, out.at, 0, 1);
        expectSame(out.read(), words.values, `${n} on ${build}`);
      }
    }
  });
});

describe.each(dtypes)("take_columns_%s", (dtype) => {
  function taken(x: Operand, index: Operand): Float64Array {
    const result = new Float64Array(x.rows * index.cols);
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < index.cols; j++) result[i * index.cols + j] = x.values[i * x.cols + index.values[j]!]!;
    }
    return result;
  }

  test.each(lengths)("takes columns of %d rows in the order of the index, repeated ones too", (count) => {
    [...layouts, ...broadcasts].forEach((from, f) => {
      layouts.forEach((to, t) => {
        const x = operand(dtype, count, 13, from, integers(f, 1000), pick(shifts, f));
        const random = randomFrom(t);
        const wanted = pick([0, 1, 5, 13, 30], f + t);
        const index = vector("f64", wanted, 1, () => Math.floor(random() * 13), pick([0, 4, 1], t));
        const out = blank(count, wanted, to, pick(shifts, t));
        const label = `${wanted} columns from ${from.name} to ${to.name}`;
        for (const got of run(label, (arena) => takeColumns(arena, dtype, x, index, out))) {
          expectSame(got.values, taken(x, index), `${label} on ${got.build}`);
        }
      });
    });
  });

  test("takes every column, the first and the last included", () => {
    const x = operand(dtype, 3, 5, rows, integers(1, 1000));
    const index = vector("f64", 5, 1, cycle([4, 0, 3, 1, 2]));
    for (const got of run("all", (arena) => takeColumns(arena, dtype, x, index, blank(3, 5, rows)))) {
      expectSame(got.values, taken(x, index), got.build);
      expect([...got.values].sort()).toEqual([...x.values].sort());
    }
  });
});
