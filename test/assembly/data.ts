/** Operands for kernel tests: values from a fixed seed, in every memory order a caller may have. */
import { type Dtype, rounded } from "../compare.ts";

/** A matrix for the kernel: dense values row by row, and how they shall lie in memory. */
export interface Operand {
  rows: number;
  cols: number;
  values: Float64Array;
  /** Row and column stride in elements; 0 repeats the first row or column. */
  rs: number;
  cs: number;
  /** Bytes between a multiple of 16 and the first element. */
  shift: number;
}

/** A memory order: strides from the sizes. */
export interface Layout {
  name: string;
  strides(rows: number, cols: number): [rs: number, cs: number];
}

/** Orders in which no two elements share a place: fit for outputs too. */
export const layouts: readonly Layout[] = [
  { name: "rows", strides: (_, cols) => [cols, 1] },
  { name: "columns", strides: (rows) => [1, rows] },
  { name: "padded rows", strides: (_, cols) => [cols + 3, 1] },
  { name: "padded columns", strides: (rows) => [1, rows + 3] },
  { name: "spread rows", strides: (_, cols) => [2 * cols + 1, 2] },
  { name: "spread columns", strides: (rows) => [3, 3 * rows + 2] },
];

/** Orders of broadcast inputs. */
export const broadcasts: readonly Layout[] = [
  { name: "one row", strides: () => [0, 1] },
  { name: "one column", strides: () => [1, 0] },
  { name: "one number", strides: () => [0, 0] },
  { name: "one spread row", strides: () => [0, 3] },
  { name: "one spread column", strides: () => [2, 0] },
];

/** Distances from a 16-byte boundary that cases take in turn. */
export const shifts = [0, 4, 8, 1, 12, 7];

/** Entry i of a table that starts over at its end. */
export function pick<T>(table: readonly T[], i: number): T {
  return table[Math.floor(i) % table.length]!;
}

/** A sequence of numbers. */
export type Source = () => number;

/** Numbers in [0, 1) from a seed: mulberry32 by Tommy Ettinger. */
export function randomFrom(seed: number): Source {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whole numbers in [−range, range]: sums of them are exact, so a wrong index cannot hide behind a tolerance. */
export function integers(seed: number, range = 4): Source {
  const random = randomFrom(seed);
  return () => Math.floor(random() * (2 * range + 1)) - range;
}

/** Numbers spread evenly over [low, high). */
export function between(seed: number, low: number, high: number): Source {
  const random = randomFrom(seed);
  return () => low + random() * (high - low);
}

/** 0 or 1. */
export function labels(seed: number): Source {
  const random = randomFrom(seed);
  return () => (random() < 0.5 ? 0 : 1);
}

/** 0 … classes − 1. */
export function classNumbers(seed: number, classes: number): Source {
  const random = randomFrom(seed);
  return () => Math.floor(random() * classes);
}

/** The given numbers over and over. */
export function cycle(values: readonly number[]): Source {
  let i = 0;
  return () => pick(values, i++);
}

/** A matrix of numbers from the source, rounded to the dtype and repeated along strides of 0. */
export function operand(
  dtype: Dtype,
  rows: number,
  cols: number,
  layout: Layout,
  source: Source,
  shift = 0,
): Operand {
  const [rs, cs] = layout.strides(rows, cols);
  const values = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (rs === 0 && i > 0) values[i * cols + j] = values[j]!;
      else if (cs === 0 && j > 0) values[i * cols + j] = values[i * cols]!;
      else values[i * cols + j] = rounded(dtype, source());
    }
  }
  return { rows, cols, values, rs, cs, shift };
}

/** A vector as an operand of one row. */
export function vector(dtype: Dtype, n: number, stride: number, source: Source, shift = 0): Operand {
  return operand(dtype, 1, n, { name: `stride ${stride}`, strides: () => [0, stride] }, source, shift);
}

/** A matrix of NaN: an output that nobody may read. */
export function blank(rows: number, cols: number, layout: Layout, shift = 0): Operand {
  return operand("f64", rows, cols, layout, () => Number.NaN, shift);
}

/** A vector of NaN. */
export function blankVector(n: number, stride: number, shift = 0): Operand {
  return vector("f64", n, stride, () => Number.NaN, shift);
}

/** The same values in another memory order. */
export function relaid(x: Operand, layout: Layout, shift = 0): Operand {
  const [rs, cs] = layout.strides(x.rows, x.cols);
  return { ...x, rs, cs, shift };
}

/** Part of a matrix, sharing nothing with it: columns from `start` up to `end`. */
export function columnsOf(x: Operand, start: number, end: number, layout: Layout): Operand {
  const values: number[] = [];
  for (let i = 0; i < x.rows; i++) {
    for (let j = start; j < end; j++) values.push(x.values[i * x.cols + j]!);
  }
  const [rs, cs] = layout.strides(x.rows, end - start);
  return { rows: x.rows, cols: end - start, values: Float64Array.from(values), rs, cs, shift: 0 };
}
