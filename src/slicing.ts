/** Parts of arrays by NumPy's rules: an index, or [start, stop, step], for each axis. */

import { badSlice, checkIndex, checkSlices } from "./check.ts";

/** An index, which takes the axis away, or [start, stop, step], of which null and what is missing mean all. */
export type Slice = number | readonly (number | null | undefined)[];

/** Shape, strides and first element of the part of an array. @throws where a part is none of an axis. */
export function sliced(
  from: readonly number[],
  steps: readonly number[],
  parts: readonly Slice[],
): [shape: number[], strides: number[], offset: number] {
  checkSlices(from, parts.length);
  const shape: number[] = [];
  const strides: number[] = [];
  let offset = 0;
  from.forEach((extent, axis) => {
    const part = parts[axis] ?? [];
    if (typeof part === "number") {
      offset += checkIndex("NDArray.slice", from, axis, part) * steps[axis]!;
      return;
    }
    if (!Array.isArray(part) || part.length > 3 || part[2] === 0) badSlice(axis, part);
    for (const bound of part) if (bound != null && !Number.isInteger(bound)) badSlice(axis, part);
    const step = part[2] ?? 1;
    // Backwards the places before the first and at the last element are the ends.
    const low = step < 0 ? -1 : 0;
    const high = extent + low;
    const [start, stop] = [0, 1].map((end) => {
      const bound = part[end] ?? (end ? 1 : -1) * step * Infinity;
      return Math.min(Math.max(bound < 0 ? bound + extent : bound, low), high);
    }) as [number, number];
    const count = Math.max(Math.ceil((stop - start) / step), 0);
    offset += start * steps[axis]!;
    shape.push(count);
    strides.push(step * steps[axis]!);
  });
  return [shape, strides, offset];
}
