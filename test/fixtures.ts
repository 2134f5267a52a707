/** Data for the tests of the models: the golden files, the CSV files, made-up samples; plain rows of numbers. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { array, type DType, type NDArray } from "../src/index.ts";
import { randomFrom } from "./assembly/data.ts";

/** A matrix as rows. */
export type Rows = number[][];

/** Samples as columns with their labels: X (n_x, m), Y (1, m). */
export interface Labelled {
  X: Rows;
  Y: Rows;
}

/** A file of test/golden as it is. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8")) as T;
}

/** Columns become rows. */
export function transpose(rows: Rows): Rows {
  return rows[0]!.map((_, j) => rows.map((row) => row[j]!));
}

/** A CSV file of data/ whose last column is the label. */
function csv(name: string): Labelled {
  const text = readFileSync(new URL(`../data/${name}.csv`, import.meta.url), "utf8");
  const records = parse(text, { from_line: 2, cast: true }) as unknown as Rows;
  const columns = transpose(records);
  return { X: columns.slice(0, -1), Y: columns.slice(-1) };
}

/** Features with mean 0 and the population's standard deviation 1. */
export function standardised(X: Rows): Rows {
  return X.map((row) => {
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
    const deviation = Math.sqrt(row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length);
    return row.map((x) => (x - mean) / deviation);
  });
}

/** The breast-cancer data as measured: X (30, 569), Y (1, 569). */
export function rawBreastCancer(): Labelled {
  return csv("breast-cancer");
}

/** The breast-cancer data, standardised. */
export function breastCancer(): Labelled {
  const { X, Y } = rawBreastCancer();
  return { X: standardised(X), Y };
}

/** The digits, pixels from 0 to 1: X (64, 1797), Y (1, 1797) of 0 … 9. */
export function digits(): Labelled {
  const { X, Y } = csv("digits");
  return { X: X.map((row) => row.map((x) => x / 16)), Y };
}

/** The planar flower: X (2, 400), Y (1, 400). */
export function flower(): Labelled {
  return csv("planar-flower");
}

/** Exclusive or of two signs, four times over: no line separates it. */
export function xor(): Labelled {
  const corners = [-1, 1].flatMap((a) => [-1, 1].map((b) => [a, b]));
  const all = [0.8, 0.9, 1, 1.1].flatMap((scale) => corners.map((corner) => corner.map((x) => x * scale)));
  return { X: transpose(all), Y: [all.map(([a, b]) => (a! * b! < 0 ? 1 : 0))] };
}

/** A matrix of numbers from −scale to scale, the same for the same seed. */
export function noisy(rows: number, columns: number, seed: number, scale = 1): Rows {
  const next = randomFrom(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => scale * (2 * next() - 1)));
}

/** m samples of n_x features whose label mostly follows a line; both classes occur when m > 1. */
export function samples(n_x: number, m: number, seed = 1): Labelled {
  const X = noisy(n_x, m, seed, 2);
  const doubt = noisy(1, m, seed + 1000)[0]!;
  const labels: number[] = X[0]!.map((x, j) => (x - (X[1]?.[j] ?? 0) + doubt[j]! > 0 ? 1 : 0));
  if (m > 1) labels.splice(0, 2, 0, 1);
  return { X, Y: [labels] };
}

/** Rows in linear memory, row after row or column after column. */
export function inOrder(rows: Rows, order: "rows" | "columns", dtype: DType): NDArray {
  return order === "rows" ? array(rows, { dtype }) : array(transpose(rows), { dtype }).T;
}

/** Both memory orders, for tables of cases. */
export const orders = ["rows", "columns"] as const;
