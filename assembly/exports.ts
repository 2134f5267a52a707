/**
 * The names of the ABI: each generic function once for f32 and once for f64, a line a name.
 * What they mean stands in index.ts.
 */

import { LeakyRelu, LeakyReluDerivative, Relu, ReluDerivative, Sigmoid, SigmoidDerivative, Tanh, TanhDerivative } from "./activations";
import { copy, takeColumns } from "./copy";
import { Absolute, Add, binary, Divide, Exp, Log, Maximum, Minimum, Multiply, Negate, SquareRoot, Subtract, unary } from "./elementwise";
import { gemm, gemmScratch } from "./gemm";
import { logisticBlock, logisticGradient, logisticLogits, logisticScratch } from "./logistic";
import { crossEntropy } from "./loss";
import { adamStep, gradientStep } from "./optimizer";
import { Power } from "./power";
import { generate, NORMAL, UNIFORM } from "./random";
import { argmaxOfRows, dot, extremeOfRows, Largest, Smallest } from "./reduce";
import { findNonClass, findNonFinite } from "./search";
import { Equal, Less, LessEqual, where } from "./selection";
import { softmaxBlock, softmaxGradient, softmaxScratch } from "./softmax";
import { sumRows } from "./sum";
import { twoLayerBlock, twoLayerGradient, twoLayerLogits, twoLayerScratch } from "./two-layer";

// copy.ts
export function copy_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { copy<f32>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function copy_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { copy<f64>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function take_columns_f32(rows: i32, count: i32, index: usize, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { takeColumns<f32>(rows, count, index, x, x_rs, x_cs, out, out_rs, out_cs); }
export function take_columns_f64(rows: i32, count: i32, index: usize, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { takeColumns<f64>(rows, count, index, x, x_rs, x_cs, out, out_rs, out_cs); }

// gemm.ts
export function gemm_scratch_f32(m: i32, n: i32, k: i32): usize { return gemmScratch<f32>(m, n, k); }
export function gemm_scratch_f64(m: i32, n: i32, k: i32): usize { return gemmScratch<f64>(m, n, k); }
export function gemm_f32(m: i32, n: i32, k: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, alpha: f64, beta: f64, c: usize, c_rs: i32, c_cs: i32, scratch: usize): void { gemm<f32>(m, n, k, a, a_rs, a_cs, b, b_rs, b_cs, alpha, beta, c, c_rs, c_cs, scratch); }
export function gemm_f64(m: i32, n: i32, k: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, alpha: f64, beta: f64, c: usize, c_rs: i32, c_cs: i32, scratch: usize): void { gemm<f64>(m, n, k, a, a_rs, a_cs, b, b_rs, b_cs, alpha, beta, c, c_rs, c_cs, scratch); }

// elementwise.ts
export function add_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Add<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function add_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Add<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function subtract_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Subtract<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function subtract_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Subtract<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function multiply_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Multiply<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function multiply_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Multiply<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function divide_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Divide<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function divide_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Divide<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function maximum_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Maximum<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function maximum_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Maximum<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function minimum_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Minimum<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function minimum_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Minimum<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function negate_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Negate<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function negate_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Negate<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function absolute_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Absolute<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function absolute_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Absolute<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function square_root_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, SquareRoot<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function square_root_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, SquareRoot<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function exp_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Exp<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function exp_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Exp<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function log_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Log<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function log_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Log<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }

// activations.ts
export function sigmoid_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Sigmoid<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function sigmoid_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Sigmoid<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function sigmoid_derivative_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, SigmoidDerivative<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function sigmoid_derivative_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, SigmoidDerivative<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function tanh_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Tanh<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function tanh_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Tanh<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function tanh_derivative_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, TanhDerivative<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function tanh_derivative_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, TanhDerivative<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function relu_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, Relu<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function relu_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, Relu<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function relu_derivative_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, ReluDerivative<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function relu_derivative_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, ReluDerivative<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function leaky_relu_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, LeakyRelu<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function leaky_relu_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, LeakyRelu<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function leaky_relu_derivative_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f32, LeakyReluDerivative<f32>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }
export function leaky_relu_derivative_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { unary<f64, LeakyReluDerivative<f64>>(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs); }

// power.ts
export function power_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Power<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function power_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Power<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }

// selection.ts
export function equal_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Equal<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function equal_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Equal<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function less_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, Less<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function less_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, Less<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function less_equal_f32(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f32, LessEqual<f32>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function less_equal_f64(rows: i32, cols: i32, a: usize, a_rs: i32, a_cs: i32, b: usize, b_rs: i32, b_cs: i32, out: usize, out_rs: i32, out_cs: i32): void { binary<f64, LessEqual<f64>>(rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs); }
export function where_f32(n: i32, c: usize, c_s: i32, a: usize, a_s: i32, b: usize, b_s: i32, out: usize, out_s: i32): void { where<f32>(n, c, c_s, a, a_s, b, b_s, out, out_s); }
export function where_f64(n: i32, c: usize, c_s: i32, a: usize, a_s: i32, b: usize, b_s: i32, out: usize, out_s: i32): void { where<f64>(n, c, c_s, a, a_s, b, b_s, out, out_s); }

// sum.ts
export function sum_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { sumRows<f32>(rows, cols, x, x_rs, x_cs, 1, out, out_s); }
export function sum_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { sumRows<f64>(rows, cols, x, x_rs, x_cs, 1, out, out_s); }
export function mean_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { sumRows<f32>(rows, cols, x, x_rs, x_cs, cols, out, out_s); }
export function mean_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { sumRows<f64>(rows, cols, x, x_rs, x_cs, cols, out, out_s); }

// reduce.ts
export function max_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { extremeOfRows<f32, Largest<f32>>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function max_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { extremeOfRows<f64, Largest<f64>>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function min_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { extremeOfRows<f32, Smallest<f32>>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function min_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { extremeOfRows<f64, Smallest<f64>>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function argmax_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { argmaxOfRows<f32>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function argmax_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32, out: usize, out_s: i32): void { argmaxOfRows<f64>(rows, cols, x, x_rs, x_cs, out, out_s); }
export function dot_f32(n: i32, x: usize, x_s: i32, y: usize, y_s: i32): f64 { return dot<f32>(n, x, x_s, y, y_s); }
export function dot_f64(n: i32, x: usize, x_s: i32, y: usize, y_s: i32): f64 { return dot<f64>(n, x, x_s, y, y_s); }

// search.ts
export function find_non_finite_f32(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32): i32 { return findNonFinite<f32>(rows, cols, x, x_rs, x_cs); }
export function find_non_finite_f64(rows: i32, cols: i32, x: usize, x_rs: i32, x_cs: i32): i32 { return findNonFinite<f64>(rows, cols, x, x_rs, x_cs); }
export function find_non_class_f32(n: i32, classes: f64, y: usize, y_s: i32): i32 { return findNonClass<f32>(n, classes, y, y_s); }
export function find_non_class_f64(n: i32, classes: f64, y: usize, y_s: i32): i32 { return findNonClass<f64>(n, classes, y, y_s); }

// loss.ts
export function cross_entropy_f32(n: i32, z: usize, z_s: i32, y: usize, y_s: i32, s: usize, s_s: i32, dz: usize, dz_s: i32): f64 { return crossEntropy<f32>(0, n, z, z_s, y, y_s, s, s_s, dz, dz_s, 0, 0); }
export function cross_entropy_f64(n: i32, z: usize, z_s: i32, y: usize, y_s: i32, s: usize, s_s: i32, dz: usize, dz_s: i32): f64 { return crossEntropy<f64>(0, n, z, z_s, y, y_s, s, s_s, dz, dz_s, 0, 0); }

// random.ts
export function uniform_f32(n: i32, low: f64, high: f64, seed: u64, stream: u64, out: usize): void { generate(UNIFORM, 4, n, low, high, seed, stream, out); }
export function uniform_f64(n: i32, low: f64, high: f64, seed: u64, stream: u64, out: usize): void { generate(UNIFORM, 8, n, low, high, seed, stream, out); }
export function normal_f32(n: i32, mean: f64, deviation: f64, seed: u64, stream: u64, out: usize): void { generate(NORMAL, 4, n, mean, deviation, seed, stream, out); }
export function normal_f64(n: i32, mean: f64, deviation: f64, seed: u64, stream: u64, out: usize): void { generate(NORMAL, 8, n, mean, deviation, seed, stream, out); }

// logistic.ts
export function logistic_block_f32(n_x: i32): i32 { return logisticBlock<f32>(n_x); }
export function logistic_block_f64(n_x: i32): i32 { return logisticBlock<f64>(n_x); }
export function logistic_scratch_f32(n_x: i32): usize { return logisticScratch<f32>(n_x); }
export function logistic_scratch_f64(n_x: i32): usize { return logisticScratch<f64>(n_x); }
export function logistic_gradient_f32(n_x: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, gradient: usize, scratch: usize): f64 { return logisticGradient<f32>(n_x, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch); }
export function logistic_gradient_f64(n_x: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, gradient: usize, scratch: usize): f64 { return logisticGradient<f64>(n_x, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch); }
export function logistic_logits_f32(n_x: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, parameters: usize, z: usize, z_s: i32, scratch: usize): void { logisticLogits<f32>(n_x, m, x, x_rs, x_cs, parameters, z, z_s, scratch); }
export function logistic_logits_f64(n_x: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, parameters: usize, z: usize, z_s: i32, scratch: usize): void { logisticLogits<f64>(n_x, m, x, x_rs, x_cs, parameters, z, z_s, scratch); }

// two-layer.ts
export function two_layer_block_f32(n_1: i32): i32 { return twoLayerBlock<f32>(n_1); }
export function two_layer_block_f64(n_1: i32): i32 { return twoLayerBlock<f64>(n_1); }
export function two_layer_scratch_f32(n_x: i32, n_1: i32): usize { return twoLayerScratch<f32>(n_x, n_1); }
export function two_layer_scratch_f64(n_x: i32, n_1: i32): usize { return twoLayerScratch<f64>(n_x, n_1); }
export function two_layer_gradient_f32(n_x: i32, n_1: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, activation: i32, gradient: usize, scratch: usize): f64 { return twoLayerGradient<f32>(n_x, n_1, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, activation, gradient, scratch); }
export function two_layer_gradient_f64(n_x: i32, n_1: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, activation: i32, gradient: usize, scratch: usize): f64 { return twoLayerGradient<f64>(n_x, n_1, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, activation, gradient, scratch); }
export function two_layer_logits_f32(n_x: i32, n_1: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, parameters: usize, activation: i32, z: usize, z_s: i32, scratch: usize): void { twoLayerLogits<f32>(n_x, n_1, m, x, x_rs, x_cs, parameters, activation, z, z_s, scratch); }
export function two_layer_logits_f64(n_x: i32, n_1: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, parameters: usize, activation: i32, z: usize, z_s: i32, scratch: usize): void { twoLayerLogits<f64>(n_x, n_1, m, x, x_rs, x_cs, parameters, activation, z, z_s, scratch); }

// softmax.ts
export function softmax_block_f32(n_k: i32): i32 { return softmaxBlock<f32>(n_k); }
export function softmax_block_f64(n_k: i32): i32 { return softmaxBlock<f64>(n_k); }
export function softmax_scratch_f32(n_x: i32, n_k: i32): usize { return softmaxScratch<f32>(n_x, n_k); }
export function softmax_scratch_f64(n_x: i32, n_k: i32): usize { return softmaxScratch<f64>(n_x, n_k); }
export function softmax_gradient_f32(n_x: i32, n_k: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, gradient: usize, scratch: usize): f64 { return softmaxGradient<f32>(n_x, n_k, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch); }
export function softmax_gradient_f64(n_x: i32, n_k: i32, m: i32, x: usize, x_rs: i32, x_cs: i32, y: usize, y_s: i32, s: usize, s_s: i32, parameters: usize, gradient: usize, scratch: usize): f64 { return softmaxGradient<f64>(n_x, n_k, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch); }

// optimizer.ts
export function gradient_step_f32(n: i32, n_w: i32, rate: f64, scale: f64, decay: f64, momentum: f64, parameters: usize, gradient: usize, velocity: usize): void { gradientStep<f32>(n, n_w, rate, scale, decay, momentum, parameters, gradient, velocity); }
export function gradient_step_f64(n: i32, n_w: i32, rate: f64, scale: f64, decay: f64, momentum: f64, parameters: usize, gradient: usize, velocity: usize): void { gradientStep<f64>(n, n_w, rate, scale, decay, momentum, parameters, gradient, velocity); }
export function adam_step_f32(n: i32, n_w: i32, rate: f64, scale: f64, decay: f64, beta1: f64, beta2: f64, epsilon: f64, correction: f64, parameters: usize, gradient: usize, moments: usize): void { adamStep<f32>(n, n_w, rate, scale, decay, beta1, beta2, epsilon, correction, parameters, gradient, moments); }
export function adam_step_f64(n: i32, n_w: i32, rate: f64, scale: f64, decay: f64, beta1: f64, beta2: f64, epsilon: f64, correction: f64, parameters: usize, gradient: usize, moments: usize): void { adamStep<f64>(n, n_w, rate, scale, decay, beta1, beta2, epsilon, correction, parameters, gradient, moments); }

export { permutation, random_words } from "./random";
