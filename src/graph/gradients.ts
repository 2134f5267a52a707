/** Derivatives of functions: arrays in, arrays out. */
import { type ArrayInput, type NDArray, scope } from "../index.ts";
import { badResult, checkFunction, notScalar } from "./errors.ts";
import { commonDType, Variable, variable } from "./variable.ts";

/** As many values as a function takes variables. */
export type Inputs<A extends readonly Variable[]> = { [K in keyof A]: ArrayInput };

/** As many gradients as a function takes variables. */
export type Gradients<A extends readonly Variable[]> = { [K in keyof A]: NDArray };

/**
 * The function that returns ∂f/∂x for each argument x of f, in the shape of x: 0 where f does not depend on it. f takes
 * variables and returns one that is a single number. Plain numbers take the dtype of the first argument that brings
 * one. What is computed on the way is freed.
 *
 * @throws TypeError where f is no function or returns no variable; RangeError where that is not a single number.
 */
export function gradients<A extends Variable[]>(
  f: (...variables: A) => Variable,
): (...inputs: Inputs<A>) => Gradients<A> {
  checkFunction("gradients", f);
  return (...inputs) =>
    scope(() => {
      const variables = inputsOf(inputs as ArrayInput[]);
      return gradientsOf("gradients", f as (...variables: Variable[]) => Variable, variables) as Gradients<A>;
    });
}

/** Variables of one dtype, `otherwise` where no value brings one. */
export function inputsOf(inputs: readonly ArrayInput[], otherwise?: "f64"): Variable[] {
  const common = commonDType(inputs) ?? otherwise;
  return inputs.map((value) => {
    const dtype = commonDType([value]) ?? common;
    return variable(value, dtype === undefined ? {} : { dtype });
  });
}

/** ∂f/∂x at each of the variables; whoever calls it frees the rest. */
export function gradientsOf(
  who: string,
  f: (...variables: Variable[]) => Variable,
  variables: Variable[],
): NDArray[] {
  const result = resultOf(who, f, variables);
  if (result.varies) result.backward();
  return variables.map(({ grad, value }) => {
    if (grad) return grad;
    const none = value.copy();
    none.data.fill(0);
    return none;
  });
}

/** f of the variables, which must be a single number. */
export function resultOf(who: string, f: (...variables: Variable[]) => Variable, variables: Variable[]): Variable {
  const result: unknown = f(...variables);
  if (!(result instanceof Variable)) badResult(who, result);
  if (result.value.size !== 1) notScalar(who, result.shape);
  return result;
}
