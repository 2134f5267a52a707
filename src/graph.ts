/**
 * fourlane/graph: the computation graph. Operations under the names of fourlane's own compute on variables and remember
 * how; `backward` gives the derivatives of the result (sections 2.7 to 2.10 and 3.9 of the course).
 */

export { type CheckOptions, checkGradients, type GradientCheck } from "./graph/check-gradients.ts";
export { crossEntropy } from "./graph/cross-entropy.ts";
export {
  abs,
  add,
  div,
  exp,
  leakyRelu,
  log,
  maximum,
  minimum,
  mul,
  neg,
  power,
  relu,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
} from "./graph/elementwise.ts";
export { gradients } from "./graph/gradients.ts";
export { dot, matmul } from "./graph/products.ts";
export { max, mean, min, sum } from "./graph/reductions.ts";
export { concatenate, where } from "./graph/selection.ts";
export { softmax } from "./graph/softmax.ts";
export { type Operand, Variable, type VariableOptions, variable } from "./graph/variable.ts";
