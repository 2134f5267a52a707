/** The typed mirror of the ABI: names, argument order and meaning stand in assembly/index.ts. */

/** Type of an array's elements: 32-bit or 64-bit floating point. */
export type DType = "f32" | "f64";

type Unary = (
  rows: number,
  cols: number,
  x: number,
  x_rs: number,
  x_cs: number,
  out: number,
  out_rs: number,
  out_cs: number,
) => void;

type Binary = (
  rows: number,
  cols: number,
  a: number,
  a_rs: number,
  a_cs: number,
  b: number,
  b_rs: number,
  b_cs: number,
  out: number,
  out_rs: number,
  out_cs: number,
) => void;

type Reduction = (
  rows: number,
  cols: number,
  x: number,
  x_rs: number,
  x_cs: number,
  out: number,
  out_s: number,
) => void;

type Random = (n: number, a: number, b: number, seed: bigint, stream: bigint, out: number) => void;

/** Names of the element-wise functions of one array. */
export type UnaryName =
  | "negate"
  | "absolute"
  | "square_root"
  | "exp"
  | "log"
  | "copy"
  | "sigmoid"
  | "sigmoid_derivative"
  | "tanh"
  | "tanh_derivative"
  | "relu"
  | "relu_derivative"
  | "leaky_relu"
  | "leaky_relu_derivative";

/** Names of the element-wise functions of two arrays. */
export type BinaryName =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "maximum"
  | "minimum"
  | "power"
  | "equal"
  | "less"
  | "less_equal";

/** Names of the reductions along rows. */
export type ReductionName = "sum" | "mean" | "max" | "min" | "argmax";

/** The functions of the ABI for one dtype, under their names without the suffix. */
export interface KernelFunctions
  extends Record<UnaryName, Unary>,
    Record<BinaryName, Binary>,
    Record<ReductionName, Reduction> {
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    a_rs: number,
    a_cs: number,
    b: number,
    b_rs: number,
    b_cs: number,
    alpha: number,
    beta: number,
    c: number,
    c_rs: number,
    c_cs: number,
    scratch: number,
  ): void;
  gemm_scratch(m: number, n: number, k: number): number;
  take_columns(
    rows: number,
    count: number,
    index: number,
    x: number,
    x_rs: number,
    x_cs: number,
    out: number,
    out_rs: number,
    out_cs: number,
  ): void;
  where(
    n: number,
    c: number,
    c_s: number,
    a: number,
    a_s: number,
    b: number,
    b_s: number,
    out: number,
    out_s: number,
  ): void;
  dot(n: number, x: number, x_s: number, y: number, y_s: number): number;
  find_non_finite(rows: number, cols: number, x: number, x_rs: number, x_cs: number): number;
  find_non_class(n: number, classes: number, y: number, y_s: number): number;
  cross_entropy(
    n: number,
    z: number,
    z_s: number,
    y: number,
    y_s: number,
    s: number,
    s_s: number,
    dz: number,
    dz_s: number,
  ): number;
  logistic_block(n_x: number): number;
  logistic_scratch(n_x: number): number;
  logistic_gradient(
    n_x: number,
    m: number,
    x: number,
    x_rs: number,
    x_cs: number,
    y: number,
    y_s: number,
    s: number,
    s_s: number,
    parameters: number,
    gradient: number,
    scratch: number,
  ): number;
  logistic_logits(
    n_x: number,
    m: number,
    x: number,
    x_rs: number,
    x_cs: number,
    parameters: number,
    z: number,
    z_s: number,
    scratch: number,
  ): void;
  two_layer_block(n_1: number): number;
  two_layer_scratch(n_x: number, n_1: number): number;
  two_layer_gradient(
    n_x: number,
    n_1: number,
    m: number,
    x: number,
    x_rs: number,
    x_cs: number,
    y: number,
    y_s: number,
    s: number,
    s_s: number,
    parameters: number,
    activation: number,
    gradient: number,
    scratch: number,
  ): number;
  two_layer_logits(
    n_x: number,
    n_1: number,
    m: number,
    x: number,
    x_rs: number,
    x_cs: number,
    parameters: number,
    activation: number,
    z: number,
    z_s: number,
    scratch: number,
  ): void;
  softmax_block(n_k: number): number;
  softmax_scratch(n_x: number, n_k: number): number;
  softmax_gradient(
    n_x: number,
    n_k: number,
    m: number,
    x: number,
    x_rs: number,
    x_cs: number,
    y: number,
    y_s: number,
    s: number,
    s_s: number,
    parameters: number,
    gradient: number,
    scratch: number,
  ): number;
  gradient_step(
    n: number,
    n_w: number,
    rate: number,
    scale: number,
    decay: number,
    momentum: number,
    parameters: number,
    gradient: number,
    velocity: number,
  ): void;
  adam_step(
    n: number,
    n_w: number,
    rate: number,
    scale: number,
    decay: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction: number,
    parameters: number,
    gradient: number,
    moments: number,
  ): void;
  uniform: Random;
  normal: Random;
}
