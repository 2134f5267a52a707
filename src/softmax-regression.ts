/** fourlane/softmax-regression: logistic regression's generalisation to more than two classes. */

export {
  type SoftmaxGradient,
  type SoftmaxParameters,
  SoftmaxRegression,
  type SoftmaxRegressionOptions,
  type SoftmaxSums,
} from "./softmax-regression/model.ts";
