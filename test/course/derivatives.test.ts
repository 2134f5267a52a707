/** 2.2, 2.5, 2.6, 3.6, 3.8: slopes by formula and by differences, and those of the activations. */
import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  array,
  div,
  exp,
  leakyRelu,
  leakyReluDerivative,
  log,
  max,
  mul,
  type NDArray,
  relu,
  reluDerivative,
  sigmoid,
  sigmoidDerivative,
  sub,
  tanh,
  tanhDerivative,
} from "../../src/index.ts";
import { dtypes } from "../compare.ts";

type Curve = (a: NDArray) => NDArray;

const f64 = (values: number[]): NDArray => array(values, { dtype: "f64" });
const numbers = (a: NDArray): number[] => a.toArray() as number[];
const oneSided = (f: Curve, a: NDArray, h: number): NDArray => div(sub(f(add(a, h)), f(a)), h);
const twoSided = (f: Curve, a: NDArray, h: number): NDArray => div(sub(f(add(a, h)), f(sub(a, h))), 2 * h);
const off = (a: NDArray, b: NDArray): number => max(abs(sub(a, b)));

const square: Curve = (a) => mul(a, a);
const cube: Curve = (a) => mul(a, mul(a, a));

const a = f64([0.5, 1, 2, 5, 10]);

test.each<[string, Curve, Curve]>([
  ["3a", (a) => mul(3, a), (a) => add(3, mul(0, a))],
  ["a²", square, (a) => mul(2, a)],
  ["a³", cube, (a) => mul(3, square(a))],
  ["log a", log, (a) => div(1, a)],
])("the slope of %s measured from both sides is that of the formula", (_, f, slope) => {
  expect(off(twoSided(f, a, 1e-4), slope(a))).toBeLessThan(1e-6);
});

test("the error of a slope from one side shrinks with h, from both sides with h²", () => {
  const slope = mul(3, square(a));
  const ratio = (measure: typeof oneSided) =>
    off(measure(cube, a, 0.1), slope) / off(measure(cube, a, 0.01), slope);
  expect(ratio(oneSided)).toBeCloseTo(10, 0);
  expect(ratio(twoSided)).toBeCloseTo(100, 0);
});

const activations: [string, Curve, Curve][] = [
  ["sigmoid", sigmoid, sigmoidDerivative],
  ["tanh", tanh, tanhDerivative],
  ["relu", relu, reluDerivative],
  ["leakyRelu", leakyRelu, leakyReluDerivative],
];

describe.each(dtypes)("in %s", (dtype) => {
  const z = array([-8, -3, -1, -0.1, 0.1, 1, 3, 8], { dtype });

  test.each(activations)("the derivative of %s is its slope from both sides", (_, g, derivative) => {
    const [h, tolerance] = dtype === "f32" ? [2 ** -7, 2e-4] : [2 ** -17, 1e-9];
    expect(off(twoSided(g, z, h), derivative(z))).toBeLessThan(tolerance);
  });

  test("σ′ = a(1 − a), tanh′ = 1 − a², tanh z = 2σ(2z) − 1, σ(−z) = 1 − σ(z)", () => {
    const tolerance = dtype === "f32" ? 3e-7 : 1e-15;
    const [s, t] = [sigmoid(z), tanh(z)];
    expect(off(sigmoidDerivative(z), mul(s, sub(1, s)))).toBeLessThan(tolerance);
    expect(off(tanhDerivative(z), sub(1, mul(t, t)))).toBeLessThan(tolerance);
    expect(off(t, sub(mul(2, sigmoid(mul(2, z))), 1))).toBeLessThan(tolerance);
    expect(off(sigmoid(mul(-1, z)), sub(1, s))).toBeLessThan(tolerance);
  });

  test("at 0 the derivatives are 1/4, 1, and those of the left side: 0 and 0.01", () => {
    const zero = array([0, -0], { dtype });
    const leaky = dtype === "f32" ? Math.fround(0.01) : 0.01;
    const found = activations.map(([, , derivative]) => numbers(derivative(zero)));
    expect(found).toEqual([0.25, 1, 0, leaky].map((slope) => [slope, slope]));
  });

  test("far out σ′ falls like e^−|z| and tanh′ like 4e^−2|z|, on both sides; that of ReLU stays 1", () => {
    const far = array([12, 20, 30, 40], { dtype });
    for (const sign of [1, -1]) {
      const ratio = div(sigmoidDerivative(mul(sign, far)), exp(mul(-1, far)));
      expect(off(ratio, add(1, mul(0, far)))).toBeLessThan(1e-4);
      const ratio2 = div(tanhDerivative(mul(sign, far)), mul(4, exp(mul(-2, far))));
      expect(off(ratio2, add(1, mul(0, far)))).toBeLessThan(1e-4);
    }
    expect(numbers(reluDerivative(far))).toEqual([1, 1, 1, 1]);
  });

  test("σ of anything is between 0 and 1, rises, and is ½ at 0; a line is none of these", () => {
    const line = array([-80, -30, -3, 0, 3, 30, 80], { dtype });
    const p = numbers(sigmoid(line));
    expect(p.every((value, i) => value > 0 && value <= 1 && (i === 0 || value >= p[i - 1]!))).toBe(true);
    expect(p[3]).toBe(0.5);
    // In the lower tail it keeps its digits.
    expect(p[0]! / Math.exp(-80)).toBeCloseTo(1, 4);
  });
});
