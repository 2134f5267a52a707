/** Pictures drawn with characters. Each is a string of lines without an end of line. */
import { plot } from "asciichart";
import { type ArrayInput, type NDArray, scope } from "../../src/index.ts";
import { fixed, thousands } from "./report.ts";
import { paint, type Screen } from "./screen.ts";

/** A screen as far as a picture is concerned. */
type Canvas = Pick<Screen, "width" | "color">;

/** What the axis can tell from 0 with four decimals. */
const LEAST_COST = 1e-4;

/** The cost after each epoch, from left to right; the axis is logarithmic, so that a small gain late shows. */
export function costCurve(canvas: Canvas, cost: readonly number[], height = 7): string {
  const label = 8; // columns of an axis label, the axis and the margin
  const points = Math.min(canvas.width - label, cost.length);
  const last = cost.length - 1;
  const sampled = Array.from({ length: points }, (_, i) =>
    Math.log10(Math.max(cost[Math.round((i * last) / Math.max(1, points - 1))]!, LEAST_COST)),
  );
  const colors = canvas.color ? ["\x1b[36m"] : [];
  const curve = plot(sampled, {
    height,
    colors,
    symbols: [..."┤┤╶╴─╰╭╮╯│"],
    format: (value) => fixed(10 ** value),
  });
  const to = `epoch ${thousands(last)}`;
  const lines = curve.split("\n").map((line) => line.trimEnd());
  return `${lines.join("\n")}\n${" ".repeat(label)}0${to.padStart(Math.max(points - 1, to.length + 1))}`;
}

/** Something that can say how likely a sample of two features belongs to class 1. */
export interface Judge {
  predictProbability(X: ArrayInput): NDArray;
}

const CLASSES = [
  { point: "○", style: "blue" },
  { point: "●", style: "red" },
] as const;

/**
 * The plane as a model of two features sees it, dotted where class 1 is likelier, with the samples X (2, m)
 * on top: ● where most in a cell are of class 1, ○ of class 0. A point on the wrong ground is a mistake.
 */
export function decisionMap(canvas: Canvas, model: Judge, X: NDArray, Y: NDArray): string {
  return scope(() => {
    const [x1, x2] = [X.rows(0, 1).copy().data, X.rows(1, 2).copy().data];
    const labels = Y.copy().data;
    const [left, right] = range(x1);
    const [bottom, top] = range(x2);
    const columns = Math.min(canvas.width - 2, 64);
    // A character is about twice as high as it is wide.
    const rows = Math.round(Math.min(30, (columns * (top - bottom)) / (right - left) / 2));

    const grid = new Float32Array(2 * rows * columns);
    for (let i = 0; i < rows * columns; i++) {
      grid[i] = left + ((i % columns) + 0.5) * ((right - left) / columns);
      grid[rows * columns + i] = top - (Math.floor(i / columns) + 0.5) * ((top - bottom) / rows);
    }
    const probability = model.predictProbability({ data: grid, shape: [2, rows * columns] }).data;

    // How many more samples of class 1 than of class 0 each cell has.
    const majority = new Map<number, number>();
    labels.forEach((label, i) => {
      const column = Math.floor(((x1[i]! - left) / (right - left)) * columns);
      const row = Math.floor(((top - x2[i]!) / (top - bottom)) * rows);
      const cell = row * columns + column;
      majority.set(cell, (majority.get(cell) ?? 0) + (label === 1 ? 1 : -1));
    });

    const draw = (cell: number): string => {
      const votes = majority.get(cell);
      if (votes === undefined) {
        return probability[cell]! > 0.5 ? paint(canvas, "red", "·") : " ";
      }
      const { style, point } = CLASSES[votes > 0 ? 1 : 0];
      return paint(canvas, style, point);
    };
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => draw(row * columns + column))
        .join("")
        .trimEnd(),
    ).join("\n");
  });
}

/** The extremes of the values with a little room around them. */
function range(values: Iterable<number>): [low: number, high: number] {
  const all = [...values];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.03 * (high - low || 1);
  return [low - room, high + room];
}

const INK = " ░▒▓█";

/** An image of `side` × `side` pixels from 0 (paper) to 1 (ink), two characters a pixel. */
export function digitPicture(pixels: ArrayLike<number>, side = 8): string[] {
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => {
      const shade = Math.round(pixels[row * side + column]! * (INK.length - 1));
      return INK[shade]!.repeat(2);
    }).join(""),
  );
}

/** Pictures next to each other, each with a caption beneath, as many as fit. */
export function gallery(canvas: Pick<Screen, "width">, items: readonly { picture: string[]; caption: string }[]) {
  const widths = items.map(({ picture, caption }) => Math.max(caption.length, ...picture.map((l) => l.length)) + 4);
  let total = 0;
  const shown = items.filter((_, i) => {
    total += widths[i]!;
    return total <= canvas.width;
  });
  const height = Math.max(0, ...shown.map(({ picture }) => picture.length));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("")
      .trimEnd();
  return [
    ...Array.from({ length: height }, (_, row) => line(shown.map(({ picture }) => picture[row] ?? ""))),
    line(shown.map(({ caption }) => caption)),
  ].join("\n");
}
