/**
 * fourlane/softmax-regression: logistic regression's generalisation to more than two classes.
 *
 * @module fourlane/softmax-regression
 */

export {
  type SoftmaxForward,
  type SoftmaxGradient,
  type SoftmaxParameters,
  SoftmaxRegression,
  type SoftmaxRegressionOptions,
  type SoftmaxSums,
} from "./softmax-regression/model.ts";
