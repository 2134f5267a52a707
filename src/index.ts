/**
 * fourlane: logistic regression and two-layer networks at the speed of the hardware, wherever WebAssembly runs.
 *
 * @module fourlane
 */
/// <reference lib="esnext.disposable" preserve="true" />

export type { DType } from "./abi.ts";
export type { Batch, Source } from "./async/stream.ts";
export { Classifier } from "./classifier.ts";
export {
  allClose,
  type CloseOptions,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  notEqual,
} from "./comparisons.ts";
export {
  type ArrayInput,
  type ArrayOptions,
  array,
  full,
  type NestedInput,
  ones,
  type ShapedData,
  type TypedArray,
  zeros,
} from "./creation.ts";
export type { Dataset } from "./dataset.ts";
export { releaseThreads } from "./deferred.ts";
export type { EarlyStopping } from "./early-stopping.ts";
export type { Counted, Gradient, SampleWeight } from "./estimator.ts";
export type { AsyncOptions, EpochsOptions, FitAsyncOptions, FitOptions, FitStreamOptions } from "./fit-options.ts";
export type { Execution, History, OnEpoch, Progress } from "./history.ts";
export type { TrainingOptions } from "./hyperparameters.ts";
export { type ConcatenateOptions, concatenate } from "./joining.ts";
export type { Build, KernelKind, KernelSource } from "./kernel.ts";
export {
  type LogisticForward,
  type LogisticGradient,
  type LogisticParameters,
  LogisticRegression,
  type LogisticRegressionOptions,
  type LogisticStart,
  type LogisticSums,
} from "./logistic-regression.ts";
export { type MatmulAsyncOptions, matmulAsync } from "./matmul-async.ts";
export {
  accuracy,
  type ConfusionMatrix,
  confusionMatrix,
  f1,
  logLoss,
  precision,
  recall,
  rocAuc,
} from "./metrics.ts";
export { type Elements, NDArray, type NestedNumbers } from "./ndarray.ts";
export {
  abs,
  add,
  div,
  dot,
  exp,
  leakyRelu,
  leakyReluDerivative,
  log,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  relu,
  reluDerivative,
  sigmoid,
  sigmoidDerivative,
  sqrt,
  sub,
  tanh,
  tanhDerivative,
} from "./operations.ts";
export type { Optimizer } from "./optimizer.ts";
export type { OutOption } from "./output.ts";
export type { Activation, Pass } from "./passes.ts";
export { power, square } from "./powers.ts";
export { type Split, type SplitOptions, StandardScaler, trainTestSplit } from "./preprocessing.ts";
export { type NormalOptions, Random, type UniformOptions } from "./random.ts";
export { arange, type LinspaceOptions, linspace, meshgrid, type RangeOptions } from "./ranges.ts";
export { type AxisOptions, argmax, max, mean, min, sum, type TotalOptions } from "./reductions.ts";
export {
  type Configuration,
  configure,
  createRuntime,
  type IndependentRuntime,
  type Info,
  info,
  init,
} from "./runtime.ts";
export { where } from "./selection.ts";
export type { Slice } from "./slicing.ts";
export { type SoftmaxOptions, softmax } from "./softmax.ts";
export { scope } from "./storage.ts";
export {
  type TwoLayerForward,
  type TwoLayerGradient,
  TwoLayerNetwork,
  type TwoLayerNetworkOptions,
  type TwoLayerParameters,
  type TwoLayerStart,
  type TwoLayerSums,
} from "./two-layer-network.ts";
export type { ClassWeight } from "./weights.ts";
