/** A graph as a picture: boxes with values, gradients in red below them, as the course draws them. */
import type { Label } from "./labels.ts";
import { layout, type Point } from "./layout.ts";

/** Text of 14 pixels takes about so much for a character, East Asian ones twice that. */
const CHARACTER = 7.8;
const LINE = 20;
const PADDING = 16;

/** Fill and stroke of each kind of box. */
const COLOURS = {
  variable: ["#e8f0fe", "#4a7bd0"],
  constant: ["#f3f4f6", "#9ca3af"],
  operation: ["#ffffff", "#374151"],
} as const;
const EDGE = "#6b7280";

/** A picture of fixed size that needs nothing else: no script, no style sheet, no font of its own. */
export function svg(labels: readonly Label[]): string {
  const boxes = labels.map((label) => {
    const lines = linesOf(label);
    const longest = lines.reduce((most, { text }) => Math.max(most, widthOf(text)), 0);
    return { ...label, lines, width: Math.round(longest) + 2 * PADDING, height: lines.length * LINE + 14 };
  });
  const { centres, routes, width, height } = layout(boxes);
  const title = escaped(labels.at(-1)!.title);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${title}" font-family="ui-sans-serif, system-ui, 'Helvetica Neue', Arial, sans-serif" font-size="14" text-anchor="middle">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#ffffff"/>`,
    `<g fill="none" stroke="${EDGE}" stroke-width="1.5">`,
    ...routes.map((points) => `<path d="${curve(points)}"/>`),
    `</g>`,
    `<g fill="${EDGE}">`,
    ...routes.map((points) => arrowHead(points.at(-1)!)),
    `</g>`,
  ];
  boxes.forEach(({ kind, lines, width, height }, i) => {
    const { x, y } = centres[i]!;
    const [fill, stroke] = COLOURS[kind];
    const radius = kind === "variable" ? height / 2 : 6;
    const last = i === boxes.length - 1 ? 2.5 : 1.5;
    parts.push(
      `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" rx="${Math.min(radius, 20)}" fill="${fill}" stroke="${stroke}" stroke-width="${last}"/>`,
    );
    lines.forEach(({ text, style }, k) => {
      const base = y + (k - (lines.length - 1) / 2) * LINE + 5;
      parts.push(`<text x="${round(x)}" y="${round(base)}" ${style}>${escaped(text)}</text>`);
    });
  });
  parts.push("</svg>");
  return `${parts.join("\n")}\n`;
}

function linesOf({ title, value, gradient }: Label): { text: string; style: string }[] {
  const lines = [{ text: title, style: 'fill="#111827" font-weight="600"' }];
  if (value !== undefined) lines.push({ text: value, style: 'fill="#1d4ed8"' });
  if (gradient !== undefined) lines.push({ text: gradient, style: 'fill="#dc2626"' });
  return lines;
}

function widthOf(text: string): number {
  return Array.from(text).reduce((sum, c) => sum + (c >= "\u2e80" ? 2 : 1) * CHARACTER, 0);
}

/** Through the points, level at each of them; the last few pixels belong to the arrow's head. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  let path = `M${round(first.x)} ${round(first.y)}`;
  let from = first;
  rest.forEach((to, i) => {
    const x = i === rest.length - 1 ? to.x - HEAD : to.x;
    const middle = round((from.x + x) / 2);
    path +=
      from.y === to.y
        ? `H${round(x)}`
        : `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(x)} ${round(to.y)}`;
    from = to;
  });
  return path;
}

const HEAD = 7;

function arrowHead({ x, y }: Point): string {
  return `<path d="M${round(x)} ${round(y)}l-${HEAD + 1} -4v8z"/>`;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}

/** Text within elements and attributes. Characters that XML knows no way to write become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
