/** Types of what fourlane returns. Nothing here runs; the compiler checks it. */
import { expectTypeOf } from "vitest";
import { checkGradients, gradients, sum as sumOf, type Variable, variable } from "../../src/graph.ts";
import {
  add,
  allClose,
  arange,
  argmax,
  array,
  concatenate,
  type DType,
  full,
  type History,
  type Info,
  info,
  init,
  LogisticRegression,
  less,
  linspace,
  matmul,
  matmulAsync,
  max,
  maximum,
  mean,
  meshgrid,
  min,
  type NDArray,
  type NestedNumbers,
  notEqual,
  ones,
  type Progress,
  power,
  Random,
  rocAuc,
  type Split,
  scope,
  sigmoidDerivative,
  softmax,
  square,
  sum,
  TwoLayerNetwork,
  tanh,
  trainTestSplit,
  where,
  zeros,
} from "../../src/index.ts";
import { readNpy, readNpz, writeNpy, writeNpz } from "../../src/npy.ts";

const bytes = new Uint8Array();
const f32 = array([[1, 2]]);
const f64 = array([[1, 2]], { dtype: "f64" });

// ---- dtypes follow from what an array is made of ----
expectTypeOf(f32).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(f64).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(array(new Float32Array(2))).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(array(new Float64Array(2), { shape: [2, 1] })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(array(f32 as NDArray)).toEqualTypeOf<NDArray>();
expectTypeOf(array([1], { dtype: "f32" as DType })).toEqualTypeOf<NDArray>();
expectTypeOf(zeros([2])).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(ones([2], { dtype: "f64" })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(full([2], 7, { dtype: "f64" })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(linspace(0, 1, 5)).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(arange(0, 1, 0.5, { dtype: "f64" })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(meshgrid(f64, f64)).toEqualTypeOf<[X: NDArray<"f64">, Y: NDArray<"f64">]>();
expectTypeOf(new Random(1).uniform([2])).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(new Random(1).normal([2], { dtype: "f64" })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(readNpy(bytes)).toEqualTypeOf<NDArray>();
expectTypeOf(readNpy(bytes, { dtype: "f32" })).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(readNpz(bytes, { dtype: "f64" })).toEqualTypeOf<Record<string, NDArray<"f64">>>();

// ---- views and copies keep them, elements show them ----
expectTypeOf(f64.T).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f64.reshape(2, 1)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f64.columns(0, 1)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f64.slice(0, [null, null, 2])).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f64.copy()).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f64.astype("f32")).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(f64.assertShape(1, 2)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(f32.data).toEqualTypeOf<Float32Array>();
expectTypeOf(f64.data).toEqualTypeOf<Float64Array>();
expectTypeOf((f32 as NDArray).data).toEqualTypeOf<Float32Array | Float64Array>();
expectTypeOf(f32.toArray()).toEqualTypeOf<NestedNumbers>();
expectTypeOf(f32.item(0, 0)).toEqualTypeOf<number>();
expectTypeOf(f32.shape).toEqualTypeOf<readonly number[]>();

// ---- a number when every axis disappears, an array otherwise ----
expectTypeOf(sum(f32)).toEqualTypeOf<number>();
expectTypeOf(mean(f32, {})).toEqualTypeOf<number>();
expectTypeOf(max(f32, { keepDims: false })).toEqualTypeOf<number>();
expectTypeOf(sum(f32, { axis: 0 })).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(min(f64, { axis: 1, keepDims: true })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(mean(f64, { keepDims: true })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(sum(f64, { keepDims: true as boolean })).toEqualTypeOf<NDArray<"f64"> | number>();
expectTypeOf(argmax(f32, { axis: 0 })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(argmax(f32)).toEqualTypeOf<number>();

// ---- operations: dtypes follow from the operands ----
expectTypeOf(add(f32, 1)).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(add(1, f64)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(maximum(f64, f64, { out: f64 })).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(less(f64, 0)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(notEqual(f32, f32)).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(where(less(f64, 0), 0, f64)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(power(f64, 3)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(square(f32)).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(tanh(f64)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(sigmoidDerivative(f32, { out: f32 })).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(softmax(f64)).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(tanh(matmul(f64.T, f64)).data).toEqualTypeOf<Float64Array>();
expectTypeOf(matmulAsync(f32.T, f32)).toEqualTypeOf<Promise<NDArray<"f32">>>();
const either = array([1], { dtype: "f32" as DType });
expectTypeOf(add(either, 1)).toEqualTypeOf<NDArray>();
expectTypeOf(add(either, f64)).toExtend<NDArray>();
expectTypeOf(concatenate([f64, f64])).toEqualTypeOf<NDArray<"f64">>();
expectTypeOf(allClose(f32, f32)).toEqualTypeOf<boolean>();
expectTypeOf(scope(() => f32)).toEqualTypeOf<NDArray<"f32">>();
expectTypeOf(rocAuc(f32, f32)).toEqualTypeOf<number>();
expectTypeOf(trainTestSplit(f32, f32)).toEqualTypeOf<Split>();
expectTypeOf(info()).toEqualTypeOf<Info>();
expectTypeOf(init()).toEqualTypeOf<Promise<Info>>();

// ---- models ----
const model = new LogisticRegression();
const network = new TwoLayerNetwork();
expectTypeOf(model.fit(f32, f32)).toEqualTypeOf<History>();
expectTypeOf(model.fitAsync(f32, f32, { threads: "auto" })).toEqualTypeOf<Promise<History>>();
expectTypeOf(model.fitStream(() => [[f32, f32]])).toEqualTypeOf<Promise<History>>();
expectTypeOf(model.epochs(f32, f32)).toEqualTypeOf<AsyncGenerator<Progress, History, void>>();
expectTypeOf(model.predict(f32)).toExtend<NDArray>();
expectTypeOf(model.score(f32, f32)).toEqualTypeOf<number>();
expectTypeOf(model.w).toExtend<NDArray>();
expectTypeOf(model.b).toEqualTypeOf<number>();
expectTypeOf(model.forward(f32)).toHaveProperty("A");
expectTypeOf(model.gradient(f32, f32).db).toEqualTypeOf<number>();
expectTypeOf(network.parameters.W1).toExtend<NDArray>();
expectTypeOf(network.gradient(f32, f32).cost).toEqualTypeOf<number>();
expectTypeOf(network.initialize(2)).toEqualTypeOf<TwoLayerNetwork>();

// ---- graph and files ----
expectTypeOf(variable(f32)).toEqualTypeOf<Variable>();
expectTypeOf(sumOf(f32)).toEqualTypeOf<Variable>();
expectTypeOf(gradients((x: Variable, y: Variable) => add2(x, y))(1, f32)).toEqualTypeOf<[NDArray, NDArray]>();
expectTypeOf(checkGradients((x) => x, [1]).error).toEqualTypeOf<number>();
expectTypeOf(writeNpy(f32)).toExtend<Uint8Array>();
expectTypeOf(writeNpz({ f32 })).toExtend<Uint8Array>();

declare function add2(x: Variable, y: Variable): Variable;
