/** Costs: their surfaces, and the ways down. */
import * as Plot from "@observablehq/plot";
import { array, LogisticRegression, mean, mul, scope, sigmoidDerivative, square, sub } from "../../../src/index.ts";
import { BLUE, between, curve, GREEN, levels, ORANGE, type Panel, picture, RED, steps, word } from "./picture.ts";

type Point = [w: number, b: number];

/** A cost over w and b, and its slopes. */
interface Cost {
  value(w: number, b: number): number;
  slopes(w: number, b: number): [dw: number, db: number];
}

/** Both costs of the samples x of one feature with labels y. */
function costsOf(x: number[], y: number[]): { crossEntropy: Cost; squaredError: Cost } {
  const X = array([x], { dtype: "f64" });
  const Y = array([y], { dtype: "f64" });
  const at = (w: number, b: number) =>
    new LogisticRegression({ initialization: { w: [[w]], b }, dtype: "f64" }).initialize(1);
  return {
    crossEntropy: {
      value: (w, b) => scope(() => at(w, b).gradient(X, Y).cost),
      slopes: (w, b) =>
        scope(() => {
          const { dw, db } = at(w, b).gradient(X, Y);
          return [dw.item(), db];
        }),
    },
    squaredError: {
      value: (w, b) =>
        scope(() => {
          return mean(square(sub(at(w, b).predictProbability(X), Y)));
        }),
      slopes: (w, b) =>
        scope(() => {
          const { Z, A } = at(w, b).forward(X);
          const dZ = mul(mul(2, sub(A, Y)), sigmoidDerivative(Z));
          return [mean(mul(dZ, X)), mean(dZ)];
        }),
    },
  };
}

function descend(cost: Cost, [w, b]: Point, learningRate: number, count: number): Point[] {
  const path: Point[] = [[w, b]];
  for (let step = 0; step < count; step++) {
    const [dw, db] = cost.slopes(w, b);
    w -= learningRate * dw;
    b -= learningRate * db;
    path.push([w, b]);
  }
  return path;
}

/** The points of a long path that are at least so far from each other. */
function thinned(path: Point[], distance: number): Point[] {
  const kept = [path[0]!];
  for (const [w, b] of path) {
    const [w0, b0] = kept.at(-1)!;
    if (Math.hypot(w - w0, b - b0) >= distance) kept.push([w, b]);
  }
  return [...kept, path.at(-1)!];
}

const COLOURS = [BLUE, RED, ORANGE];

/** Level lines, with ways down from several starts. */
function surface(
  heading: string,
  cost: Cost,
  [ws, bs]: [[number, number], [number, number]],
  thresholds: number[],
  paths: Point[][],
): Panel {
  return {
    heading,
    width: 400,
    height: 340,
    x: { domain: ws, label: "w" },
    y: { domain: bs, label: "b" },
    color: { type: "threshold", domain: thresholds, range: blues(thresholds.length + 1) },
    marks: [
      levels((w, b) => cost.value(w, b), ws, bs, thresholds),
      ...paths.flatMap((path, i) => [
        ...steps(thinned(path, 0.35), COLOURS[i]!),
        Plot.dot([path.at(-1)!], { symbol: "star", fill: "#000", stroke: "#fff", strokeWidth: 0.6, r: 5 }),
      ]),
      Plot.frame(),
    ],
  };
}

/** From dark, for what is low, to light. */
function blues(count: number): string[] {
  return between(0, 1, count).map((t) => {
    const mix = (from: number, to: number) => Math.round(from + (to - from) * t);
    return `rgb(${mix(72, 244)},${mix(134, 248)},${mix(168, 250)})`;
  });
}

/** 2.3: the surfaces of both costs. */
export function surfacesFigure(): string {
  const { crossEntropy, squaredError } = costsOf([-3, -2, -1, 1, 2, 3, 12], [0, 0, 1, 0, 1, 1, 0]);
  const starts: Point[] = [
    [-1, 0],
    [1, 0],
    [2, 4],
  ];
  const paths = (cost: Cost) => starts.map((start) => descend(cost, start, 0.1, 5000));
  const window: [[number, number], [number, number]] = [
    [-1.5, 4],
    [-6, 6],
  ];
  return picture("Level lines of cross-entropy, with one valley, and of the squared error, with several", [
    [
      surface(
        "cross-entropy: one valley",
        crossEntropy,
        window,
        [0.685, 0.7, 0.75, 0.85, 1, 1.25, 1.6, 2, 2.5, 3, 4, 5, 6, 7],
        paths(crossEntropy),
      ),
      surface(
        "squared error: several",
        squaredError,
        window,
        [
          0.2445, 0.247, 0.25, 0.255, 0.26, 0.27, 0.28, 0.2827, 0.284, 0.286, 0.29, 0.295, 0.3, 0.32, 0.35, 0.4,
          0.5,
        ],
        paths(squaredError),
      ),
    ],
  ]);
}

/** The cost of the samples of chapter 2.4. */
const bowl = (): Cost => costsOf([-3, -2, -1, 0.5, 2, 3], [0, 0, 1, 0, 1, 1]).crossEntropy;

/** 2.4: descent of one parameter, b being 0, at three learning rates. */
export function descentOneFigure(): string {
  const cost = bowl();
  const J = (w: number) => cost.value(w, 0);
  const panel = (learningRate: number, ws: [number, number], colour: string): Panel => {
    const path = [-1];
    for (let step = 0; step < 8; step++) path.push(path.at(-1)! - learningRate * cost.slopes(path.at(-1)!, 0)[0]);
    return {
      heading: `α = ${learningRate}`,
      width: 270,
      height: 240,
      x: { label: "w", domain: ws, ticks: 6 },
      y: { label: "J", grid: true, nice: true, domain: [0, Math.max(J(ws[0]), J(ws[1]))] },
      marks: [
        curve(
          between(...ws, 121).map((w) => [w, J(w)]),
          "#8a929b",
        ),
        ...steps(
          path.map((w) => [w, J(w)] as const),
          colour,
        ),
      ],
    };
  };
  return picture("The cost over w, and eight steps down it: too short, right, and too long", [
    [panel(0.2, [-1.5, 3], ORANGE), panel(1, [-1.5, 3], GREEN), panel(12, [-2, 18], RED)],
  ]);
}

/** 2.4: descent of two parameters from three starts. */
export function descentTwoFigure(): string {
  const cost = bowl();
  const starts: Point[] = [
    [-1, 2],
    [0, 0],
    [3, -2],
  ];
  const paths = starts.map((start) => descend(cost, start, 0.5, 500));
  const panel = surface(
    "J(w, b), and the way down from three starts",
    cost,
    [
      [-1.5, 3.5],
      [-3, 3],
    ],
    [0.4355, 0.45, 0.48, 0.53, 0.6, 0.7, 0.85, 1, 1.25, 1.5, 1.75, 2, 2.5, 3],
    paths,
  );
  const [w, b] = paths[0]!.at(-1)!;
  panel.marks!.push(word("lowest", w, b, "#000", { dx: 26, dy: 14 }));
  return picture("Level lines of the cost over w and b: the paths from three starts end at the same place", [
    [{ ...panel, width: 520, height: 380 }],
  ]);
}
