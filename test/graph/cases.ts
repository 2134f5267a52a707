/** What the tests of the graph share: every operation with operands on which it is smooth, and gradients as numbers. */
import {
  abs,
  add,
  concatenate,
  crossEntropy,
  div,
  dot,
  exp,
  leakyRelu,
  log,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  power,
  relu,
  sigmoid,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  type Variable,
  where,
} from "../../src/graph.ts";
import type { NDArray, NestedInput } from "../../src/index.ts";
import { noisy } from "../fixtures.ts";

/** An operation, and operands away from where it has no derivative. */
export interface Case {
  name: string;
  f: (...variables: Variable[]) => Variable;
  inputs: NestedInput[];
}

const signed = noisy(2, 3, 1, 2);
const other = noisy(2, 3, 2, 2);
const positive = signed.map((row) => row.map((x) => Math.abs(x) + 0.3));
const row = [[0.4, -1.3, 0.7]];
const column = [[0.9], [-0.2]];
const cube = [signed, other];
const mask = [
  [1, 0, 1],
  [0, 0, -2],
];
const labels = [
  [0, 1, 0.25],
  [1, 1, 0],
];

const binary = { add, sub, mul, maximum, minimum };
const unary = { neg, abs, square, exp, sigmoid, tanh, relu, leakyRelu };
const reductions = { sum, mean, max, min };

/** Every operation, in every way that broadcasting and axes allow. */
export const cases: Case[] = [
  ...Object.entries(binary).flatMap(([name, f]): Case[] => [
    { name: `${name} of equal shapes`, f: (a, b) => f(a!, b!), inputs: [signed, other] },
    { name: `${name} of a row`, f: (a, b) => f(a!, b!), inputs: [signed, row] },
    { name: `${name} of a column and a row`, f: (a, b) => f(a!, b!), inputs: [column, row] },
    { name: `${name} of one axis`, f: (a, b) => f(a!, b!), inputs: [signed, row[0]!] },
    { name: `${name} of three axes`, f: (a, b) => f(a!, b!), inputs: [cube, column] },
    { name: `${name} of a number and an array`, f: (a, b) => f(a!, b!), inputs: [0.6, signed] },
    { name: `${name} of numbers`, f: (a, b) => f(a!, b!), inputs: [0.6, -2] },
    { name: `${name} of itself`, f: (a) => f(a!, mul(a!, a!)), inputs: [positive] },
  ]),
  { name: "div of equal shapes", f: (a, b) => div(a!, b!), inputs: [signed, positive] },
  { name: "div of a row", f: (a, b) => div(a!, b!), inputs: [row, positive] },
  { name: "div by a number", f: (a, b) => div(a!, b!), inputs: [signed, 0.7] },
  ...Object.entries(unary).flatMap(([name, f]): Case[] => [
    { name, f: (a) => f(a!), inputs: [signed] },
    { name: `${name} of a transpose`, f: (a) => f(a!.T), inputs: [signed] },
    { name: `${name} of a number`, f: (a) => f(a!), inputs: [-0.4] },
    { name: `${name} of three axes`, f: (a) => f(a!), inputs: [cube] },
  ]),
  { name: "log", f: (a) => log(a!), inputs: [positive] },
  { name: "sqrt", f: (a) => sqrt(a!), inputs: [positive] },
  ...Object.entries(reductions).flatMap(([name, f]): Case[] => [
    { name: `${name} of all`, f: (a) => f(a!), inputs: [signed] },
    { name: `${name} of all, kept`, f: (a) => f(a!, { keepDims: true }), inputs: [signed] },
    { name: `${name} of a number`, f: (a) => f(a!), inputs: [1.5] },
    { name: `${name} of a transpose`, f: (a) => f(a!.T, { axis: 0 }), inputs: [signed] },
    { name: `${name} along axis 0`, f: (a) => f(a!, { axis: 0 }), inputs: [signed] },
    { name: `${name} along the last axis, kept`, f: (a) => f(a!, { axis: -1, keepDims: true }), inputs: [signed] },
    { name: `${name} along the middle of three axes`, f: (a) => f(a!, { axis: 1 }), inputs: [cube] },
  ]),
  { name: "power of equal shapes", f: (a, b) => power(a!, b!), inputs: [positive, other] },
  { name: "power of a number and a row", f: (a, b) => power(a!, b!), inputs: [1.7, row] },
  { name: "power, whole, of numbers below 0", f: (a) => power(a!, [[3, 2, -1]]), inputs: [signed] },
  { name: "where of equal shapes", f: (a, b) => where(mask, a!, b!), inputs: [signed, other] },
  { name: "where of a column and a row", f: (a, b) => where(mask, a!, b!), inputs: [column, row] },
  { name: "where of a number", f: (a, b) => where([[1], [0]], a!, b!), inputs: [signed, 0.7] },
  { name: "where with a condition", f: (a) => where(relu(a!), a!, mul(2, a!)), inputs: [signed] },
  { name: "concatenate with itself", f: (a, b) => concatenate([a!, b!, a!]), inputs: [signed, row] },
  {
    name: "concatenate along the last axis",
    f: (a, b) => concatenate([a!, b!], { axis: -1 }),
    inputs: [signed, column],
  },
  { name: "concatenate with constants along one axis", f: (a) => concatenate([[1, 2], a!]), inputs: [[3, 4, 5]] },
  { name: "matmul", f: (a, b) => matmul(a!, b!), inputs: [signed, noisy(3, 4, 3)] },
  { name: "matmul of transposes", f: (a, b) => matmul(a!.T, b!.T), inputs: [signed, noisy(3, 2, 3)] },
  { name: "matmul of a matrix with itself", f: (a) => matmul(a!.T, a!), inputs: [signed] },
  { name: "dot of one axis", f: (a, b) => dot(a!, b!), inputs: [row[0]!, signed[0]!] },
  { name: "dot of a row and a column", f: (a, b) => dot(a!, b!), inputs: [[[1, 2]], column] },
  { name: "dot of a column and one axis", f: (a, b) => dot(a!, b!), inputs: [column, [1.5, -2]] },
  { name: "dot of a vector with itself", f: (a) => dot(a!, a!), inputs: [row] },
  { name: "softmax", f: (z) => softmax(z!), inputs: [signed] },
  { name: "softmax of one axis", f: (z) => softmax(z!), inputs: [row[0]!] },
  { name: "softmax of a transpose", f: (z) => softmax(z!.T), inputs: [signed] },
  { name: "softmax along the last axis", f: (z) => softmax(z!, { axis: -1 }), inputs: [signed] },
  { name: "softmax along the middle of three axes", f: (z) => softmax(z!, { axis: 1 }), inputs: [cube] },
  { name: "T", f: (a) => a!.T, inputs: [signed] },
  { name: "T of three axes", f: (a) => a!.T, inputs: [cube] },
  { name: "reshape", f: (a) => a!.reshape(3, -1), inputs: [signed] },
  { name: "reshape of a transpose", f: (a) => a!.T.reshape([6]), inputs: [signed] },
  { name: "crossEntropy", f: (z, y) => crossEntropy(z!, y!), inputs: [signed, labels] },
  { name: "crossEntropy of one axis", f: (z, y) => crossEntropy(z!, y!), inputs: [row[0]!, labels[0]!] },
];

/** A number that depends on each element of a result differently, so that none may be mistaken for another. */
export function weighed(result: Variable): Variable {
  const weights = Float64Array.from({ length: result.value.size }, (_, i) => Math.cos(i + 1));
  const data = result.dtype === "f64" ? weights : Float32Array.from(weights);
  return sum(mul(result, { data, shape: result.shape }));
}

/** The elements of an array of any number of axes, in row-major order. */
export function flat(a: NDArray | undefined): number[] {
  return [a!.toArray()].flat(8) as number[];
}
