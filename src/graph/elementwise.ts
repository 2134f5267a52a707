/** Arithmetic and functions, element by element with broadcasting: forward, and below it the derivative. */
import * as core from "../index.ts";
import { binary, unary } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

type NDArray = core.NDArray;

/** a + b. */
export function add(a: Operand, b: Operand): Variable {
  return binary(
    "add",
    a,
    b,
    core.add,
    ({ g }) => g,
    ({ g }) => g,
  );
}

/** a − b. */
export function sub(a: Operand, b: Operand): Variable {
  return binary(
    "sub",
    a,
    b,
    core.sub,
    ({ g }) => g,
    ({ g }) => core.neg(g),
  );
}

/** a·b; the matrix product is `matmul`. */
export function mul(a: Operand, b: Operand): Variable {
  return binary(
    "mul",
    a,
    b,
    core.mul,
    ({ g, b }) => core.mul(g, b),
    ({ g, a }) => core.mul(g, a),
  );
}

/** a/b. Derivatives 1/b and −a/b²: infinite or NaN at b = 0. */
export function div(a: Operand, b: Operand): Variable {
  return binary(
    "div",
    a,
    b,
    core.div,
    ({ g, b }) => core.div(g, b),
    ({ g, y, b }) => core.neg(core.div(core.mul(g, y), b)),
  );
}

/** The larger of a and b. The gradient goes to the larger, half to each where they are equal. */
export function maximum(a: Operand, b: Operand): Variable {
  return binary(
    "maximum",
    a,
    b,
    core.maximum,
    ({ g, a, b }) => core.mul(g, share(a, b)),
    ({ g, a, b }) => core.mul(g, share(b, a)),
  );
}

/** The smaller of a and b. The gradient goes to the smaller, half to each where they are equal. */
export function minimum(a: Operand, b: Operand): Variable {
  return binary(
    "minimum",
    a,
    b,
    core.minimum,
    ({ g, a, b }) => core.mul(g, share(b, a)),
    ({ g, a, b }) => core.mul(g, share(a, b)),
  );
}

/** 1 where a > b, ½ where a = b, 0 where a < b. */
function share(a: NDArray, b: NDArray): NDArray {
  return core.mul(0.5, core.add(core.greater(a, b), core.greaterEqual(a, b)));
}

/** −a. */
export function neg(a: Operand): Variable {
  return unary("neg", a, core.neg, ({ g }) => core.neg(g));
}

/** |a|. Derivative ±1, and 0 at 0. */
export function abs(a: Operand): Variable {
  return unary("abs", a, core.abs, ({ g, a }) => core.mul(g, core.sub(core.greater(a, 0), core.less(a, 0))));
}

/** a². */
export function square(a: Operand): Variable {
  return unary("square", a, core.square, ({ g, a }) => core.mul(g, core.mul(2, a)));
}

/**
 * a^b, NaN for a < 0 unless b is whole. Derivatives b·a^(b−1), 0 for b = 0, and a^b·log a, 0 for a = 0 ≤ b and NaN for
 * a < 0.
 */
export function power(a: Operand, b: Operand): Variable {
  return binary(
    "power",
    a,
    b,
    core.power,
    ({ g, a, b }) => core.mul(g, core.where(core.equal(b, 0), 0, core.mul(b, core.power(a, core.sub(b, 1))))),
    ({ g, y, a, b }) => {
      const flat = core.mul(core.equal(a, 0), core.greaterEqual(b, 0));
      return core.mul(g, core.where(flat, 0, core.mul(y, core.log(a))));
    },
  );
}

/** √a. Derivative 1/(2√a): infinite at 0. */
export function sqrt(a: Operand): Variable {
  return unary("sqrt", a, core.sqrt, ({ g, y }) => core.div(g, core.mul(2, y)));
}

/** e^a, its own derivative. */
export function exp(a: Operand): Variable {
  return unary("exp", a, core.exp, ({ g, y }) => core.mul(g, y));
}

/** Natural logarithm of a. Derivative 1/a: infinite at 0. */
export function log(a: Operand): Variable {
  return unary("log", a, core.log, ({ g, a }) => core.div(g, a));
}

/** σ(a) = 1/(1 + e^−a). Derivative σ·(1 − σ). */
export function sigmoid(a: Operand): Variable {
  return unary("sigmoid", a, core.sigmoid, ({ g, a }) => core.mul(g, core.sigmoidDerivative(a)));
}

/** tanh a. Derivative 1 − tanh²a. */
export function tanh(a: Operand): Variable {
  return unary("tanh", a, core.tanh, ({ g, a }) => core.mul(g, core.tanhDerivative(a)));
}

/** max(0, a). Derivative 1 above 0, else 0, at 0 too. */
export function relu(a: Operand): Variable {
  return unary("relu", a, core.relu, ({ g, a }) => core.mul(g, core.reluDerivative(a)));
}

/** max(0.01·a, a). Derivative 1 above 0, else 0.01, at 0 too. */
export function leakyRelu(a: Operand): Variable {
  return unary("leakyRelu", a, core.leakyRelu, ({ g, a }) => core.mul(g, core.leakyReluDerivative(a)));
}
