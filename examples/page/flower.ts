/** The flower: from text to samples as columns. */
import { add, array, type NDArray, Random, scope } from "../../src/index.ts";

/** Points of the plane with their labels. */
export interface Flower {
  /** (2, m). */
  X: NDArray;
  /** (1, m): 1 is red, 0 is blue. */
  Y: NDArray;
}

/** How far copies lie from their point: the standard deviation in each direction. */
const SPREAD = 0.06;

/** Reads a file with a line of names, then x1, x2 and label of a point a line. */
export function readFlower(csv: string): Flower {
  const [, ...lines] = csv.trim().split(/\r?\n/);
  const points = lines.map((line) => line.split(",").map(Number));
  return scope(() => {
    const table = array(points).T;
    return { X: table.rows(0, 2), Y: table.rows(2) };
  });
}

/** Each point `copies` times: where it is, and then anywhere around it. The same for one seed. */
export function scattered({ X, Y }: Flower, copies: number, seed: number): Flower {
  return scope(() => {
    const m = Y.size;
    const repeat = (A: NDArray): NDArray => {
      const { data } = A.copy();
      const values = Float32Array.from({ length: data.length * copies }, (_, i) => {
        const [row, column] = [Math.floor(i / (m * copies)), i % m];
        return data[row * m + column]!;
      });
      return array(values, { shape: [A.shape[0]!, m * copies] });
    };
    const noise = new Random(seed).normal([2, m * copies], { std: SPREAD });
    const own = noise.data;
    for (let i = 0; i < m; i++) own[i] = own[m * copies + i] = 0;
    return { X: add(repeat(X), noise), Y: repeat(Y) };
  });
}
