/** The elementary functions of the kernel: what they should be, and the errors that are published. */
import * as precise from "./double-double.ts";

/** A function as it is measured. */
export interface Measured {
  name: string;
  formula: string;
  /** The published bound of the error in ULP, for both dtypes and all builds. */
  bound: number;
  /** The value in double precision. */
  double: (x: number) => number;
  /** The value in twice that. */
  pair: (x: number) => precise.Pair;
  /** The swept arguments: the first and last at which results are finite and not 0, ±1 or x itself. */
  f32: [low: number, high: number];
  f64: [low: number, high: number];
}

const sigmoid = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const sigmoidDerivative = (x: number) => sigmoid(x) * sigmoid(-x);
const loss = (x: number) => Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * Every elementary function of the kernel. `loss` is the cross-entropy of one logit with the label 1.
 * f64 stops short of subnormal results, which the golden file has.
 */
export const functions: Measured[] = [
  {
    name: "exp",
    formula: "e^x",
    bound: 1.1,
    double: Math.exp,
    pair: precise.exp,
    f32: [-104, 88.72283],
    f64: [-650, 709],
  },
  {
    name: "log",
    formula: "log x",
    bound: 0.9,
    double: Math.log,
    pair: precise.log,
    f32: [0, 3.4e38],
    f64: [0, 1.7e308],
  },
  {
    name: "sigmoid",
    formula: "σ(x) = 1/(1 + e^−x)",
    bound: 2.5,
    double: sigmoid,
    pair: precise.sigmoid,
    f32: [-104, 20],
    f64: [-650, 40],
  },
  {
    name: "sigmoid_derivative",
    formula: "σ(x)·(1 − σ(x))",
    bound: 4,
    double: sigmoidDerivative,
    pair: precise.sigmoidDerivative,
    f32: [-104, 104],
    f64: [-650, 650],
  },
  {
    name: "tanh",
    formula: "tanh x",
    bound: 2.5,
    double: Math.tanh,
    pair: precise.tanh,
    f32: [-11, 11],
    f64: [-21, 21],
  },
  {
    name: "tanh_derivative",
    formula: "1 − tanh² x",
    bound: 4,
    double: (x) => 4 * sigmoidDerivative(2 * x),
    pair: precise.tanhDerivative,
    f32: [-52.7, 52.7],
    f64: [-325, 325],
  },
  {
    name: "loss",
    formula: "log(1 + e^−x)",
    bound: 1.8,
    double: loss,
    pair: precise.loss,
    f32: [-104, 104],
    f64: [-650, 650],
  },
];
