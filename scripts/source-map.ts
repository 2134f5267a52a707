/** The package's source maps, made small: what a debugger finds in the package is not in them a second time. */
import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A source map, as esbuild writes it. */
export interface SourceMap {
  version: 3;
  sources: string[];
  sourcesContent?: (string | null)[];
  mappings: string;
  names: string[];
}

/** Sources that come with the package, seen from its `dist` folder. */
const PACKED = "../src/";

/** The kernel as text. It is not packed, since the bundle holds the same text. */
const KERNEL = "../src/kernel-bytes.ts";

/**
 * A map of lines: of each run of positions in one line of a source the first, without names, and only the sources that are
 * not packed. Positions take a fifth of the bytes that way; breakpoints and stacks are about lines, and a debugger shows names as
 * the bundle has them.
 */
export function slimMap(text: string): string {
  const map = JSON.parse(text) as SourceMap;
  const mappings = encode(decode(map.mappings).map(lines));
  const sourcesContent = map.sources.map((source, i) => {
    const content = map.sourcesContent?.[i] ?? null;
    if (source === KERNEL) return content?.replace(/"[^"]{100,}"/g, '"…"');
    return source.startsWith(PACKED) ? null : content;
  });
  return `${JSON.stringify({ ...map, mappings, names: [], sourcesContent })}\n`;
}

/** The first segment of each run that stays in one line of one source. */
function lines(segments: SourceMapSegment[]): SourceMapSegment[] {
  let last: SourceMapSegment | undefined;
  return segments.flatMap((segment): SourceMapSegment[] => {
    if (last && segment[1] === last[1] && segment[2] === last[2]) return [];
    last = segment;
    if (segment.length === 1) return [segment];
    const [column, source, line, sourceColumn] = segment;
    return [[column, source, line, sourceColumn]];
  });
}
