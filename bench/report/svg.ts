/**
 * Bar charts as SVG text. Own text rather than a library: a chart is some rectangles and labels, the files stay the
 * same from one version of anything to the next, and a test can compare them byte by byte.
 */

/** One bar: a label, a value, and the text at its end. */
export interface Bar {
  label: string;
  value: number;
  text: string;
  /** Whose bar it is: ours stand out. */
  ours: boolean;
}

/** Bars of one piece of work. */
export interface Cluster {
  title: string;
  bars: Bar[];
}

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 90;
const LINE = 17;
const TITLE = 26;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Where a value ends, from 0 to 1. On a logarithmic axis the smallest value has a fifth of the width. */
function scale(values: readonly number[], logarithmic: boolean): (value: number) => number {
  const most = Math.max(...values);
  const least = Math.min(...values);
  if (!logarithmic || least === most) return (value) => value / most;
  return (value) => 0.2 + 0.8 * (Math.log(value / least) / Math.log(most / least));
}

/** Ratios beyond this are drawn on a logarithmic axis. */
const WIDE = 20;

/** A chart of clusters of horizontal bars, one axis for all. Longer is better. */
export function chart(title: string, clusters: readonly Cluster[]): string {
  const values = clusters.flatMap(({ bars }) => bars.map(({ value }) => value));
  const logarithmic = Math.max(...values) / Math.min(...values) > WIDE;
  const position = scale(values, logarithmic);
  const parts: string[] = [];
  let y = 34;
  for (const { title: name, bars } of clusters) {
    y += TITLE;
    parts.push(`<text x="8" y="${y - 7}" class="work">${escaped(name)}</text>`);
    for (const { label, value, text, ours } of bars) {
      const length = Math.max(1, position(value) * (WIDTH - LEFT - RIGHT));
      parts.push(
        `<text x="${LEFT - 6}" y="${y + 12}" class="label">${escaped(label)}</text>`,
        `<rect x="${LEFT}" y="${y + 2}" width="${length.toFixed(1)}" height="${LINE - 4}" class="${ours ? "ours" : "other"}"/>`,
        `<text x="${(LEFT + length + 5).toFixed(1)}" y="${y + 12}">${escaped(text)}</text>`,
      );
      y += LINE;
    }
  }
  const height = y + 14;
  const axis = logarithmic ? "longer is faster; logarithmic" : "longer is faster";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}.work{font-weight:600}.label{text-anchor:end}.axis{text-anchor:end;fill:#777}.ours{fill:#0b7a75}.other{fill:#b9c2c9}@media(prefers-color-scheme:dark){text{fill:#ddd}.axis{fill:#999}.ours{fill:#3cc4bc}.other{fill:#5b656d}}</style>
<text x="8" y="20" class="title">${escaped(title)}</text><text x="${WIDTH - 8}" y="20" class="axis">${axis}</text>
${parts.join("\n")}
</svg>
`;
}
