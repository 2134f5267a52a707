/** Arrays as text: the elements in aligned columns as NumPy prints them, then dtype and shape. */

import type { Strided } from "./strided.ts";
import { sizeOf } from "./strided.ts";

/** Elements that stand for a long axis at each end. */
const ENDS = 3;

/** Up to 7 (f32) or 8 (f64) significant digits; whole numbers below 10^8 with all of theirs and a point. */
function textOf(value: number, digits: number): string {
  const whole = (number: number): boolean => Number.isInteger(number) && Math.abs(number) < 1e8;
  const shown = whole(value) ? value : Number(value.toPrecision(digits));
  return whole(shown) ? `${shown}.` : `${shown}`;
}

/** Characters before the decimal point. */
function pointIn(text: string): number {
  return `${text}.`.indexOf(".");
}

/**
 * `array([[1., 2.], [3., 4.]], dtype f32, shape (2, 2))`, a line a row. Of an axis longer than 12, or longer than 6 in
 * an array of more than 1000 elements, the first and last three show. `elements`: all of memory, or nothing if freed.
 */
export function printed(array: Strided, elements: Float32Array | Float64Array | undefined): string {
  const { dtype, shape, strides } = array;
  const end = `, dtype ${dtype}, shape (${shape.join(", ")}))`;
  if (!elements) return `array(freed${end}`;
  const most = sizeOf(shape) > 1000 ? 2 * ENDS : 12;
  const nest = (axis: number, position: number, cell: (value: number) => string): string => {
    const extent = shape[axis];
    if (extent === undefined) return cell(elements[position]!);
    const parts: string[] = [];
    for (let i = 0; i < extent; i++) {
      if (extent > most && i === ENDS) {
        parts.push("...");
        i = extent - ENDS;
      }
      parts.push(nest(axis + 1, position + i * strides[axis]!, cell));
    }
    const below = shape.length - axis - 1;
    return `[${parts.join(below ? `,${"\n".repeat(below)}${" ".repeat(axis + 7)}` : ", ")}]`;
  };
  const start = array.pointer / elements.BYTES_PER_ELEMENT;
  let before = 0;
  let after = 0;
  const text = (value: number): string => textOf(value, dtype === "f32" ? 7 : 8);
  nest(0, start, (value) => {
    const found = text(value);
    const point = pointIn(found);
    before = Math.max(before, point);
    after = Math.max(after, found.length - point);
    return "";
  });
  const aligned = (value: number): string => {
    const found = text(value);
    return found.padStart(before + found.length - pointIn(found)).padEnd(before + after);
  };
  return `array(${nest(0, start, aligned)}${end}`;
}
