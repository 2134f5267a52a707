/** Every throw of the graph, as functions of plain values, in the words of fourlane's own errors. */

import { describe, show } from "../words.ts";

type Shape = readonly number[];

function typeError(who: string, what: string): never {
  throw new TypeError(`${who}: ${what}`);
}

function rangeError(who: string, what: string): never {
  throw new RangeError(`${who}: ${what}`);
}

function stateError(who: string, what: string): never {
  throw new Error(`${who}: ${what}`);
}

// ---- variables and operands -----------------------------------------------------------------------

/** A name that is no text. */
export function badName(who: string, name: unknown): never {
  typeError(who, `name is ${describe(name)}; expected a string.`);
}

/** Options other than those that exist. */
export function checkOptions(who: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    typeError(who, `options is ${describe(options)}; expected an object with options.`);
  }
  const unknown = Object.keys(options).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  const names = allowed.map((name) => `"${name}"`).join(" or ");
  typeError(who, `option "${unknown}" does not exist; expected ${names}.`);
}

/** Something that an operation cannot compute with. */
export function badOperand(who: string, name: string, value: unknown): never {
  typeError(
    who,
    `${name} is ${describe(value)}; expected a variable, an NDArray, nested arrays of numbers, a typed array or a number.`,
  );
}

/** A variable whose array was given back. */
export function freedVariable(who: string, name: string, shape: Shape): never {
  stateError(
    who,
    `${name} is a variable whose array ${show(shape)} was freed. Use it before the end of the scope that made it.`,
  );
}

/** Logits and labels that do not stand side by side. */
export function unequalShapes(who: string, z: Shape, y: Shape): never {
  rangeError(who, `z is ${show(z)} and y is ${show(y)}; expected one shape.`);
}

// ---- backward -------------------------------------------------------------------------------------

/** Many numbers, and no word on how each counts. */
export function missingSeed(shape: Shape): never {
  rangeError(
    "Variable.backward",
    `the variable is ${show(shape)} and there is no seed; expected one number. ` +
      `sum(…) or mean(…) makes one of it; or give a seed ${show(shape)}, the gradient to begin with.`,
  );
}

/** A gradient to begin with that has not the variable's shape. */
export function badSeed(seed: Shape, shape: Shape): never {
  rangeError("Variable.backward", `seed is ${show(seed)}; expected ${show(shape)}, the variable's shape.`);
}

/** Nothing to differentiate by. */
export function constantResult(): never {
  stateError("Variable.backward", "the result depends on no variable. variable(…) makes one of an array.");
}

/** A second pass over the same nodes. */
export function spentGraph(operation: string): never {
  stateError(
    "Variable.backward",
    `the graph, or its part that ends in ${operation}, had its backward before. ` +
      "Compute the result anew for each backward; of several results, call backward on the sum.",
  );
}

/** Nodes that lead back to themselves. */
export function cyclicGraph(who: string): never {
  stateError(who, "a variable is among its own inputs. Leave inputs as the operations made them.");
}

/** A step along a gradient that is not there. */
export function noGradient(): never {
  stateError("Variable.descend", "the variable has no gradient. Call backward on a result computed from it first.");
}

/** A step of something that was computed. */
export function notAVariable(operation: string): never {
  stateError("Variable.descend", `the value was computed by ${operation}; expected one that variable(…) made.`);
}

/** A number that is not finite. */
export function checkNumber(who: string, name: string, value: unknown): void {
  if (typeof value !== "number") typeError(who, `${name} is ${describe(value)}; expected a number.`);
  if (!Number.isFinite(value)) rangeError(who, `${name} is ${value}; expected a finite number.`);
}

// ---- gradients of functions -----------------------------------------------------------------------

/** Something that cannot be called. */
export function checkFunction(who: string, value: unknown): void {
  if (typeof value !== "function") typeError(who, `f is ${describe(value)}; expected a function.`);
}

/** What a function gave that is no variable. */
export function badResult(who: string, value: unknown): never {
  typeError(who, `f(…) is ${describe(value)}; expected a variable, made by the operations of fourlane/graph.`);
}

/** What a function gave that is more than one number. */
export function notScalar(who: string, shape: Shape): never {
  rangeError(who, `f(…) is ${show(shape)}; expected one number. sum(…) or mean(…) makes one of it.`);
}

/** Inputs of a function that are no list. */
export function checkInputs(value: unknown): void {
  if (!Array.isArray(value))
    typeError("checkGradients", `inputs is ${describe(value)}; expected an array of f's arguments.`);
}

/** No elements to vary. */
export function nothingToCheck(): never {
  rangeError("checkGradients", "inputs have no elements; expected at least one to vary.");
}

/** A step that is too small to be seen, or none. */
export function checkStep(value: unknown): void {
  checkNumber("checkGradients", "step", value);
  if ((value as number) <= 0) rangeError("checkGradients", `step is ${value}; expected a number > 0.`);
}
