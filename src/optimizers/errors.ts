/** Every throw of the optimizers, as functions of plain values, in the words of fourlane's own errors. */

import { describe } from "../words.ts";

function typeError(who: string, what: string): never {
  throw new TypeError(`${who}: ${what}`);
}

function rangeError(who: string, what: string): never {
  throw new RangeError(`${who}: ${what}`);
}

/** Options other than those that exist. */
export function checkOptions(who: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    typeError(who, `options is ${describe(options)}; expected an object with options.`);
  }
  const unknown = Object.keys(options).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  const names = allowed.map((name) => `"${name}"`);
  const last = names.pop();
  const expected = names.length > 0 ? `${names.join(", ")} or ${last}` : last;
  const remedy = unknown === "learningRate" ? " The model takes it, beside optimizer." : "";
  typeError(who, `option "${unknown}" does not exist; expected ${expected}.${remedy}`);
}

/** How much of something a step keeps: not all. */
export function checkShare(who: string, name: string, value: unknown): void {
  checkNumber(who, name, value);
  if (!(value >= 0 && value < 1)) rangeError(who, `${name} is ${value}; expected a finite number >= 0 and < 1.`);
}

/** What can be divided by. */
export function checkPositive(who: string, name: string, value: unknown): void {
  checkNumber(who, name, value);
  if (!(value > 0 && value < Infinity)) rangeError(who, `${name} is ${value}; expected a finite number > 0.`);
}

/** How many of something, one at least. */
export function checkCount(who: string, name: string, value: unknown): void {
  checkNumber(who, name, value);
  if (!Number.isInteger(value) || value < 1)
    rangeError(who, `${name} is ${value}; expected a whole number from 1 on.`);
}

function checkNumber(who: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") typeError(who, `${name} is ${describe(value)}; expected a number.`);
}
