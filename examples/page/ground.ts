/** The plane as a model sees it, as an image. */

/** A square part of the plane: from −reach to reach both ways. */
export interface Plane {
  reach: number;
  /** Pixels of a side. */
  side: number;
}

/** Red, green and blue from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** The points in the middle of all pixels, the top row first: x1 of each, then x2 of each, as X (2, side²) has them. */
export function pixelCentres({ reach, side }: Plane): Float32Array {
  const count = side * side;
  const step = (2 * reach) / side;
  return Float32Array.from({ length: 2 * count }, (_, i) =>
    i < count ? ((i % side) + 0.5) * step - reach : reach - (Math.floor((i - count) / side) + 0.5) * step,
  );
}

/** A square with sides of 2 · reach around all points, with some room. */
export function reachOf(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most * 1.05 || 1;
}

/**
 * Each probability as an RGBA pixel: the color of the likelier class, the stronger the surer, clear at 1/2. A step
 * at 1/2 makes the border of the two visible.
 */
export function shade(probability: ArrayLike<number>, zero: Color, one: Color): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * probability.length);
  for (let i = 0; i < probability.length; i++) {
    const p = probability[i]!;
    pixels.set(p > 0.5 ? one : zero, 4 * i);
    pixels[4 * i + 3] = 255 * (0.12 + 0.5 * Math.abs(p - 0.5));
  }
  return pixels;
}

/** A color that a style sheet writes as #rrggbb. */
export function colorOf(hex: string): Color {
  const digits = /^\s*#([\da-f]{2})([\da-f]{2})([\da-f]{2})\s*$/i.exec(hex);
  if (!digits) throw new RangeError(`colorOf: hex is "${hex}"; expected #rrggbb.`);
  const [red, green, blue] = digits.slice(1).map((digit) => Number.parseInt(digit, 16));
  return [red!, green!, blue!];
}
