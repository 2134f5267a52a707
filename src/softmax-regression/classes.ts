/** How many classes the labels of a fit are of. */
import type { Dataset } from "../index.ts";
import { missingLabel } from "./errors.ts";

/** The number of classes. @throws RangeError unless the labels are all of 0 … classes − 1, at least two. */
export function classesOf(who: string, data: Dataset): number {
  data.checkLabels(who);
  const seen = new Set((data.Y.toArray() as number[][])[0]);
  for (let k = 0; k < Math.max(seen.size, 2); k++) if (!seen.has(k)) missingLabel(who, k);
  return seen.size;
}
