/** From a CSV file to samples as columns. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { array, div, type NDArray } from "../../src/index.ts";

/** Samples as columns: X (n_x, m), and their labels Y (1, m), 0 or 1. */
export interface Samples {
  X: NDArray;
  Y: NDArray;
}

/**
 * A file of `data/` as an array (columns, rows): a file has its samples in rows, the library wants them in
 * columns, and a transposed view turns one into the other without moving a number.
 */
function load(file: string): NDArray {
  const text = readFileSync(new URL(`../../data/${file}`, import.meta.url), "utf8");
  const [names, ...rows] = parse(text);
  const values = Float32Array.from(rows.flat(), Number);
  return array(values, { shape: [rows.length, names!.length] }).T;
}

/** The last column is the label, the others are the features: views again. */
function labelled(table: NDArray): Samples {
  const features = table.shape[0]! - 1;
  return { X: table.rows(0, features), Y: table.rows(features) };
}

/** 569 breast tumours: 30 measurements of cell nuclei; 1 is benign. */
export function loadTumours(): Samples {
  return labelled(load("breast-cancer.csv"));
}

/** 400 points of the plane on the petals of a flower; 1 is red, 0 is blue. */
export function loadFlower(): Samples {
  return labelled(load("planar-flower.csv"));
}

/** 1,797 handwritten digits, 8 × 8 pixels from 0 (paper) to 1 (ink); the label is whether the digit is one of `wanted`. */
export function loadDigits(...wanted: number[]): Samples {
  const { X, Y: digits } = labelled(load("digits.csv"));
  const isWanted = Float32Array.from(digits.copy().data, (digit) => (wanted.includes(digit) ? 1 : 0));
  return { X: div(X, 16), Y: array(isWanted, { shape: digits.shape }) };
}
