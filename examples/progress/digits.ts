/** More digits out of those there are. */
import { array } from "../../src/index.ts";
import type { Samples } from "../demo/load.ts";

const SIDE = 8;

/** Where copies of an image are moved to, in half pixels. */
const MOVES = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
] as const;

/**
 * Each image of X (64, m) five times: as it is, and moved by half a pixel to each side, so that a network
 * cannot hold on to single pixels. Half a pixel is the mean of a pixel and its neighbour; beyond the edge is
 * paper, 0. X becomes (64, 5m), Y (1, 5m), the copies behind each other.
 */
export function moved({ X, Y }: Samples): Samples {
  const m = Y.size;
  const [images, labels] = [X.copy().data, Y.copy().data];
  const pixels = new Float32Array(images.length * MOVES.length);
  MOVES.forEach(([down, right], move) => {
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const row = Math.floor(pixel / SIDE) - down;
      const column = (pixel % SIDE) - right;
      const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
      const from = images.subarray(pixel * m, (pixel + 1) * m);
      const neighbour = (row * SIDE + column) * m;
      const to = (pixel * MOVES.length + move) * m;
      for (let i = 0; i < m; i++) pixels[to + i] = (from[i]! + (inside ? images[neighbour + i]! : 0)) / 2;
    }
  });
  const repeated = Float32Array.from({ length: m * MOVES.length }, (_, i) => labels[i % m]!);
  return {
    X: array(pixels, { shape: [SIDE * SIDE, m * MOVES.length] }),
    Y: array(repeated, { shape: [1, m * MOVES.length] }),
  };
}
