/**
 * Activation functions a = g(z), each with its derivative next to it.
 *
 * A derivative is known twice: `slope(a)` from the activation's own value, which is all that back-propagation keeps, and
 * g′(z). At z = 0, where relu and leakyRelu have no derivative, both say the left one: 0 and 0.01.
 */
import type { Unary } from "./elementwise.ts";
import { expOfMinusAbs, sigmoidFrom, tanh } from "./math.ts";

/** An activation: `of(z)` = g(z), `slope(a)` = g′(z) given a = g(z). */
export interface Activation {
  of: Unary;
  slope: Unary;
}

/** σ(z) = 1/(1 + e^−z), σ′ = a·(1 − a). */
export const sigmoid: Activation = {
  of: (z) => sigmoidFrom(z, expOfMinusAbs(z)),
  slope: (a) => a * (1 - a),
};

/** σ′(z) = s·(1 − s) with s = σ(−|z|), precise in both tails: 1 − s lies in [½, 1], so nothing cancels. */
function sigmoidDerivative(z: number): number {
  const e = expOfMinusAbs(z);
  const s = e / (1 + e);
  return s * (1 - s);
}

/** tanh z, tanh′ = 1 − a². */
export const hyperbolicTangent: Activation = { of: tanh, slope: (a) => (1 - a) * (1 + a) };

/** max(0, z). */
export const relu: Activation = { of: (z) => (z < 0 ? 0 : z), slope: (a) => (a > 0 ? 1 : 0) };

/** max(0.01·z, z). */
export const leakyRelu: Activation = {
  of: (z) => (z < z * 0.01 ? z * 0.01 : z),
  slope: (a) => (a > 0 ? 1 : 0.01),
};

/** z itself: a linear hidden layer, which section 3.7 of the course shows to be useless. */
export const identity: Activation = { of: (z) => z, slope: () => 1 };

/** The hidden activations by their numbers in the ABI. */
export const hidden: readonly Activation[] = [sigmoid, hyperbolicTangent, relu, leakyRelu, identity];

/** The functions of the ABI, by their names there. */
export const activations = {
  sigmoid: sigmoid.of,
  sigmoid_derivative: sigmoidDerivative,
  tanh,
  // 4σ′(2z) is precise in both tails, where 1 − tanh² is not.
  tanh_derivative: (z) => 4 * sigmoidDerivative(z + z),
  relu: relu.of,
  leaky_relu: leakyRelu.of,
  // The slopes ask for the sign alone, which z and g(z) share.
  relu_derivative: relu.slope,
  leaky_relu_derivative: leakyRelu.slope,
} satisfies Record<string, Unary>;
