/** 2.3: cross-entropy is convex in w and b, the squared error is not. */
import { describe, expect, test } from "vitest";
import { array, LogisticRegression, mean, mul, type NDArray, Random, scope, sub } from "../../src/index.ts";
import { dtypes } from "../compare.ts";

type Point = [w: NDArray, b: number];
type Cost = (p: Point, X: NDArray, Y: NDArray) => number;

const at = ([w, b]: Point): LogisticRegression =>
  new LogisticRegression({ initialization: { w, b }, dtype: w.dtype }).initialize(w.size);

const crossEntropy: Cost = (p, X, Y) => scope(() => at(p).gradient(X, Y).cost);

const squaredError: Cost = (p, X, Y) =>
  scope(() => {
    const difference = sub(at(p).predictProbability(X), Y);
    return mean(mul(difference, difference));
  });

const halfway = ([w, b]: Point, [v, c]: Point): Point => [mul(0.5, sub(w, mul(-1, v))), (b + c) / 2];

/** How far the cost halfway between two points lies above the line between them. */
function bulge(cost: Cost, p: Point, q: Point, X: NDArray, Y: NDArray): number {
  return scope(() => cost(halfway(p, q), X, Y) - (cost(p, X, Y) + cost(q, X, Y)) / 2);
}

/** The samples of the chapter. */
const X = array([[-3, -2, -1, 1, 2, 3, 12]], { dtype: "f64" });
const Y = array([[0, 0, 1, 0, 1, 1, 0]], { dtype: "f64" });

describe.each(dtypes)("in %s", (dtype) => {
  test("halfway between any two points, cross-entropy is no higher than the line between them", () => {
    const random = new Random(1);
    const tolerance = dtype === "f32" ? 1e-5 : 1e-12;
    let strictly = 0;
    for (let pair = 0; pair < 1000; pair++) {
      scope(() => {
        const samples = random.normal([3, 20], { std: 2, dtype });
        const labels = array([Array.from(random.uniform(20).data, (u) => (u < 0.5 ? 0 : 1))], { dtype });
        const point = (): Point => [random.normal([3, 1], { std: 2, dtype }), random.normal(1, { std: 2 }).item()];
        const above = bulge(crossEntropy, point(), point(), samples, labels);
        expect(above).toBeLessThanOrEqual(tolerance);
        if (above < -tolerance) strictly++;
      });
    }
    expect(strictly).toBeGreaterThan(900);
  });
});

test("halfway between the two points of the chapter, the squared error is higher than the line", () => {
  const w = (value: number): Point => [array([[value]], { dtype: "f64" }), 0];
  expect(bulge(squaredError, w(0), w(0.5), X, Y)).toBeGreaterThan(0.02);
  expect(bulge(crossEntropy, w(0), w(0.5), X, Y)).toBeLessThan(0);
});

test("the squared error has a second valley: around it every way leads up, yet it is not the lowest", () => {
  const J = (w: number, b: number) => squaredError([array([[w]], { dtype: "f64" }), b], X, Y);
  const [w, b] = [0.56, -0.01];
  const around = Array.from({ length: 32 }, (_, i) => (2 * Math.PI * i) / 32);
  const rim = around.map((angle) => J(w + 0.15 * Math.cos(angle), b + 0.15 * Math.sin(angle)));
  expect(Math.min(...rim)).toBeGreaterThan(J(w, b) + 1e-5);
  expect(J(-0.03, -0.24)).toBeLessThan(J(w, b) - 0.03);
});
