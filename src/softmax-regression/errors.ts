/** Every throw of softmax regression beyond those of all models, in the words of fourlane's own errors. */

import { describe } from "../words.ts";

/** A number of classes, two at least. */
export function checkClasses(who: string, value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(`${who}: classes is ${describe(value)}; expected a whole number.`);
  }
  if (!Number.isInteger(value) || value < 2 || value >= 2 ** 31) {
    throw new RangeError(`${who}: classes is ${value}; expected a whole number from 2 to 2147483647.`);
  }
}

/** A class without a sample, where the labels are to tell how many classes there are. */
export function missingLabel(who: string, label: number): never {
  throw new RangeError(
    `${who}: Y has no label ${label}; expected class numbers 0, 1 … without a gap. Say with classes how many there are.`,
  );
}

/** Work that begins without data that tells how many classes there are. */
export function unknownClasses(who: string): never {
  throw new Error(`${who}: classes is undefined; expected a number where not all samples come at once.`);
}
