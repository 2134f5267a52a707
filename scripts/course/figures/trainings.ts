/** Trainings: three starts, and what a hidden layer can draw. */
import * as Plot from "@observablehq/plot";
import {
  greater,
  LogisticRegression,
  less,
  mul,
  type NDArray,
  Random,
  scope,
  square,
  sum,
  TwoLayerNetwork,
} from "../../../src/index.ts";
import { BLUE, curve, levels, ORANGE, type Panel, picture, RED, word } from "./picture.ts";

/** 3.11: the cost over the epochs from zeros, from small and from large random weights. */
export function startsFigure(): string {
  const random = new Random(7);
  const X = random.normal([2, 400]);
  const Y = greater(mul(X.rows(0, 1), X.rows(1, 2)), 0);
  const scaled = (std: number) => {
    const random = new Random(1);
    return {
      W1: random.normal([4, 2], { std }),
      b1: [[0], [0], [0], [0]],
      W2: random.normal([1, 4], { std }),
      b2: [[0]],
    };
  };
  const runs = [
    ["zeros", "zeros", RED],
    ["randn · 0.01", "normal", BLUE],
    ["randn · 10", scaled(10), ORANGE],
  ] as const;
  const lines = runs.flatMap(([name, initialization, colour]) => {
    const network = new TwoLayerNetwork({ hidden: 4, learningRate: 1, epochs: 2000, seed: 1, initialization });
    const { cost } = network.fit(X, Y);
    const points = Array.from(cost, (value, epoch): [number, number] => [epoch, value]);
    return [
      curve(
        points.filter(([epoch, value]) => epoch % 4 === 0 && value < 1.2),
        colour,
      ),
      word(name, 1250, cost[1250]!, colour, { dy: -11 }),
    ];
  });
  return picture("The cost over 2000 epochs: from zeros it never falls, from large weights slowly", [
    [
      {
        heading: "cost from three starts",
        width: 560,
        height: 320,
        x: { label: "epoch", domain: [0, 2000] },
        y: { label: "J", domain: [0, 1.2], grid: true },
        marks: lines,
      },
    ],
  ]);
}

/** 3.7: what logistic regression and a network make of points in and around a circle. */
export function boundariesFigure(): string {
  const X = new Random(2).normal([2, 500]);
  const Y = less(sum(square(X), { axis: 0, keepDims: true }), 1.4);
  const line = new LogisticRegression({ learningRate: 1, epochs: 500 });
  const circle = new TwoLayerNetwork({
    hidden: 8,
    learningRate: 1,
    epochs: 1000,
    initialization: "xavier",
    seed: 1,
  });
  const inside = (label: number): [number, number][] =>
    [...Y.data].flatMap((y, i): [number, number][] => {
      const [x1, x2] = [X.item(0, i), X.item(1, i)];
      return y === label && Math.abs(x1) < 3 && Math.abs(x2) < 3 ? [[x1, x2]] : [];
    });
  const panel = (heading: string, model: { predictProbability(X: NDArray | number[][]): NDArray }): Panel => ({
    heading,
    width: 330,
    height: 320,
    x: { domain: [-3, 3], label: "x₁" },
    y: { domain: [-3, 3], label: "x₂" },
    color: { type: "threshold", domain: [0.5], range: ["#e3edf7", "#fbe3c0"] },
    marks: [
      Plot.rect([0], { x1: -3, x2: 3, y1: -3, y2: 3, fill: "#e3edf7" }),
      levels((x, y) => scope(() => model.predictProbability([[x], [y]]).item()), [-3, 3], [-3, 3], [0.5]),
      Plot.dot(inside(0), { fill: BLUE, r: 1.8 }),
      Plot.dot(inside(1), { fill: ORANGE, r: 1.8 }),
      Plot.frame(),
    ],
  });
  line.fit(X, Y);
  circle.fit(X, Y);
  return picture("The regions that logistic regression and a network with a hidden layer tell apart", [
    [panel("logistic regression", line), panel("8 hidden units of tanh", circle)],
  ]);
}
