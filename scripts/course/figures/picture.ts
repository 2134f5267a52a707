/** Pictures of one or more panels, each drawn by Observable Plot, as the text of an SVG file. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Colours that tell lines apart, also for most who do not see all colours. */
export const BLUE = "#0b62a8";
export const RED = "#c8372d";
export const GREEN = "#12805c";
export const ORANGE = "#d98200";
export const GREY = "#8a929b";
const INK = "#24292f";

/** Pixels above a panel for its heading, and around everything. */
const HEADING = 26;
const MARGIN = 12;

/** One panel: what Plot needs, and a heading. */
export interface Panel extends Plot.PlotOptions {
  heading: string;
}

const { document } = parseHTML("<html><body></body></html>");

function drawn({ heading, ...options }: Panel, left: number, top: number): string {
  const { width = 340, height = 250 } = options;
  const plot = Plot.plot({ ...options, width, height, document, className: "plot" });
  // The panel is part of a picture that has a style of its own.
  for (const style of plot.querySelectorAll("style")) style.remove();
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", heading);
  plot.setAttribute("x", String(left));
  plot.setAttribute("y", String(top + HEADING));
  const title = `<text class="heading" x="${left + width / 2}" y="${top + 17}">${escaped(heading)}</text>`;
  return `${title}\n${plot.outerHTML}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Rows of panels below each other. `label` says what is seen, for who cannot see it. */
export function picture(label: string, rows: readonly (readonly Panel[])[]): string {
  const parts: string[] = [];
  let top = MARGIN;
  let right = 0;
  for (const row of rows) {
    let left = MARGIN;
    for (const panel of row) {
      parts.push(drawn(panel, left, top));
      left += panel.width ?? 340;
    }
    right = Math.max(right, left);
    top += HEADING + Math.max(...row.map((panel) => panel.height ?? 250));
  }
  const [width, height] = [right + MARGIN, top + MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    `<style>text{font:11px system-ui,sans-serif;white-space:pre}.heading{font-size:13px;font-weight:600;text-anchor:middle;fill:${INK}}svg{color:${INK}}</style>`,
    `<rect width="${width}" height="${height}" rx="6" fill="#fff"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** Points [x, y] joined by a line. */
export function curve(
  points: readonly (readonly [number, number])[],
  stroke: string,
  options: object = {},
): Plot.Markish {
  return Plot.line(points as [number, number][], { stroke, strokeWidth: 2, ...options });
}

/** Steps of a descent: a thin line with a dot where each begins. */
export function steps(points: readonly (readonly [number, number])[], colour: string): Plot.Markish[] {
  const data = points as [number, number][];
  return [
    Plot.line(data, { stroke: colour, strokeWidth: 1.2 }),
    Plot.dot(data, { fill: colour, r: 2.4 }),
    Plot.dot(data.slice(0, 1), { fill: "#fff", stroke: colour, strokeWidth: 2, r: 4 }),
  ];
}

/** A word in the picture, at a point. */
export function word(text: string, x: number, y: number, fill: string, options: object = {}): Plot.Markish {
  return Plot.text([[x, y]], { text: [text], fill, fontWeight: 600, stroke: "#fff", strokeWidth: 4, ...options });
}

/** Level lines of f over a rectangle, darker where f is smaller. */
export function levels(
  f: (x: number, y: number) => number,
  [x1, x2]: [number, number],
  [y1, y2]: [number, number],
  thresholds: number[],
): Plot.Markish {
  return Plot.contour({
    x1,
    x2,
    y1,
    y2,
    fill: f,
    thresholds,
    pixelSize: 6,
    stroke: "#fff",
    strokeWidth: 0.5,
  } as Plot.ContourOptions);
}

/** `count` numbers from `low` to `high`. */
export function between(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}
