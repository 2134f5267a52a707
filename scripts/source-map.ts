/** The package's source maps, made small: what a debugger finds in the package is not in them a second time. */
import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A source map, as bundlers write it. */
export interface SourceMap {
  version: 3;
  sources: string[];
  sourcesContent?: (string | null)[];
  mappings: string;
  names: string[];
}

/** Sources that come with the package, seen from its `dist` folder or from a folder in it. */
const PACKED = /^(\.\.\/)+src\//;

/** The kernel as text. It is not packed, since the bundle holds the same text. */
const KERNEL = "../src/kernel-bytes.ts";

/**
 * A map of lines: of each run of positions in one line of a source the first, without names. Positions take a fifth of the
 * bytes that way; breakpoints and stacks are about lines, and a debugger shows names as the bundle has them. What others
 * have written (fflate) is not mapped: its text alone would take 23 KB.
 */
export function slimMap(text: string): string {
  const map = JSON.parse(text) as SourceMap;
  const own = map.sources.filter((source) => PACKED.test(source));
  const numbers = map.sources.map((source) => own.indexOf(source));
  const mappings = encode(decode(map.mappings).map((segments) => lines(segments, numbers)));
  const sourcesContent = own.map((source) => {
    if (source !== KERNEL) return null;
    return map.sourcesContent?.[map.sources.indexOf(source)]?.replace(/"[^"]{100,}"/g, '"…"') ?? null;
  });
  return `${JSON.stringify({ ...map, sources: own, mappings, names: [], sourcesContent })}\n`;
}

/** The first segment of each run that stays in one line of one source; `numbers`: the new ones of the sources, −1 for none. */
function lines(segments: SourceMapSegment[], numbers: readonly number[]): SourceMapSegment[] {
  let last: readonly [source?: number, line?: number] = [];
  return segments.flatMap((segment): SourceMapSegment[] => {
    const [column, from = -1, line = 0, sourceColumn = 0] = segment;
    const source = numbers[from] ?? -1;
    const here = source < 0 ? [source] : ([source, line] as const);
    if (here[0] === last[0] && here[1] === last[1]) return [];
    last = here as typeof last;
    return [source < 0 ? [column] : [column, source, line, sourceColumn]];
  });
}
