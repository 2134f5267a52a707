/** Gradients against differences: whether a derivative is right. */
import { type ArrayInput, type NDArray, scope } from "../index.ts";
import { indexOf } from "./arrays.ts";
import { checkFunction, checkInputs, checkOptions, checkStep, nothingToCheck } from "./errors.ts";
import { gradientsOf, inputsOf, resultOf } from "./gradients.ts";
import { type Variable, variable } from "./variable.ts";

/** Options of `checkGradients`. */
export interface CheckOptions {
  /** Each element x moves by step·max(1, |x|) up and down. Default 2^−17 in f64, 2^−8 in f32, about ∛ε. */
  step?: number;
}

/** Where the two disagree most. */
export interface GradientCheck {
  /** |analytic − numeric| over the larger of the two, but at least over √ε and over |f|/1000; infinite for NaN. */
  error: number;
  /** Number of the input, from 0. */
  input: number;
  /** Indices of the element within it. */
  index: number[];
  /** What backward says. */
  analytic: number;
  /** What the central difference says, (f(x + h) − f(x − h))/2h. */
  numeric: number;
}

/** √ε, below which a gradient counts as 0, and a step near ∛ε, where rounding and curvature disturb differences alike. */
const NOTHING = { f32: 2 ** -11.5, f64: 2 ** -26 };
const STEP = { f32: 2 ** -8, f64: 2 ** -17 };

/**
 * Compares the gradients of f with central differences, element by element, and returns the worst. f takes variables
 * and returns one that is a single number, and runs twice for each element. Plain numbers become f64, in which a right
 * gradient of a smooth f shows an error of 1e-7 at most, as a rule; in f32 it is 1e-2.
 *
 * @throws as `gradients` does; RangeError where the inputs have no elements.
 */
export function checkGradients(
  f: (...variables: Variable[]) => Variable,
  inputs: readonly ArrayInput[],
  options: CheckOptions = {},
): GradientCheck {
  const who = "checkGradients";
  checkFunction(who, f);
  checkInputs(inputs);
  checkOptions(who, options, ["step"]);
  if (options.step !== undefined) checkStep(options.step);
  return scope(() => {
    // Copies: elements are about to move.
    const variables = inputsOf(inputs, "f64").map(({ value }) => variable(value.copy()));
    const cost = (): number => scope(() => resultOf(who, f, variables).item());
    const analytic = gradientsOf(who, f, variables);
    const scale = Math.abs(cost()) / 1000;
    let worst: GradientCheck | undefined;
    variables.forEach(({ value, shape, dtype }, input) => {
      for (let i = 0; i < value.size; i++) {
        const a = analytic[input]!.data[i]!;
        const n = difference(cost, value, i, options.step ?? STEP[dtype]);
        const error = Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n), scale, NOTHING[dtype]);
        const found = Number.isNaN(error) ? Infinity : error;
        if (worst && found <= worst.error) continue;
        worst = { error: found, input, index: indexOf(i, shape), analytic: a, numeric: n };
      }
    });
    return worst ?? nothingToCheck();
  });
}

/** The slope of the line through f on both sides of the element's value, which is as before in the end. */
function difference(cost: () => number, value: NDArray, i: number, step: number): number {
  // Read anew each time: memory grows, and elements are rounded.
  const x = value.data[i]!;
  const h = step * Math.max(1, Math.abs(x));
  value.data[i] = x + h;
  const [above, f_above] = [value.data[i]!, cost()];
  value.data[i] = x - h;
  const [below, f_below] = [value.data[i]!, cost()];
  value.data[i] = x;
  return (f_above - f_below) / (above - below);
}
