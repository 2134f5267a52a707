/** Curves: the sigmoid, slopes, and the activations. */
import * as Plot from "@observablehq/plot";
import {
  add,
  array,
  leakyRelu,
  leakyReluDerivative,
  log,
  mul,
  type NDArray,
  power,
  relu,
  reluDerivative,
  scope,
  sigmoid,
  sigmoidDerivative,
  square,
  tanh,
  tanhDerivative,
} from "../../../src/index.ts";
import { BLUE, between, curve, GREEN, GREY, ORANGE, type Panel, picture, RED, word } from "./picture.ts";

type Points = [number, number][];

/** The graph of a function of fourlane at these places. */
function graphOf(f: (x: NDArray) => NDArray, xs: number[]): Points {
  return scope(() => {
    const ys = f(array(xs, { dtype: "f64" })).data;
    return xs.map((x, i) => [x, ys[i]!]);
  });
}

/** 2.2: a line leaves the range of probabilities, its sigmoid does not. */
export function sigmoidFigure(): string {
  const xs = between(-5, 5, 201);
  const line = (x: NDArray) => add(mul(1.5, x), 0.5);
  const points = [-3, 0, 4];
  return picture("The line z = 1.5x + 0.5, and the sigmoid of it, which stays between 0 and 1", [
    [
      {
        heading: "z = 1.5x + 0.5 and σ(z)",
        width: 520,
        height: 300,
        x: { label: "x" },
        y: { domain: [-1.6, 2.6], label: null, grid: true },
        marks: [
          Plot.rectY([0], { x1: -5, x2: 5, y1: 0, y2: 1, fill: BLUE, fillOpacity: 0.07 }),
          curve(
            graphOf(line, xs).filter(([, y]) => y > -1.6 && y < 2.6),
            ORANGE,
          ),
          curve(
            graphOf((x) => sigmoid(line(x)), xs),
            BLUE,
          ),
          Plot.dot(
            graphOf((x) => sigmoid(line(x)), points),
            { fill: BLUE, r: 4 },
          ),
          word("wx + b", 0.9, 2.3, ORANGE, { textAnchor: "end" }),
          word("σ(wx + b)", 3.4, 1.18, BLUE),
          word("probabilities", -4.9, 0.88, GREY, { textAnchor: "start" }),
        ],
      },
    ],
  ]);
}

/** 2.5: the triangle of a nudge under a line. */
export function derivativeFigure(): string {
  const f = (x: number) => 3 * x;
  const triangle: Points = [
    [2, f(2)],
    [3, f(2)],
    [3, f(3)],
    [2, f(2)],
  ];
  return picture("The line f(a) = 3a: a step of 1 to the right is a step of 3 up", [
    [
      {
        heading: "f(a) = 3a",
        width: 420,
        height: 290,
        x: { label: "a", domain: [0, 5] },
        y: { label: null, domain: [0, 15], grid: true },
        marks: [
          curve(
            graphOf((x) => mul(3, x), [0, 5]),
            BLUE,
          ),
          curve(triangle, RED, { fill: RED, fillOpacity: 0.12 }),
          word("h", 2.5, f(2) - 0.8, RED),
          word("3h", 3.15, (f(2) + f(3)) / 2, RED, { textAnchor: "start" }),
        ],
      },
    ],
  ]);
}

/** 2.6: tangents. */
export function derivativesFigure(): string {
  const functions: [string, (a: NDArray) => NDArray, (a: number) => number, [number, number]][] = [
    ["a², slope 2a", square, (a) => 2 * a, [0, 6]],
    ["a³, slope 3a²", (a) => power(a, 3), (a) => 3 * a * a, [0, 6]],
    ["log a, slope 1/a", log, (a) => 1 / a, [0.25, 6]],
  ];
  const panels = functions.map(([heading, f, slope, [low, high]]): Panel => {
    const tangents = graphOf(f, [2, 5]).flatMap(([a, y]): Plot.Markish[] => {
      const tangent = (x: number): [number, number] => [x, y + slope(a) * (x - a)];
      return [
        curve([tangent(a - 1), tangent(a + 1)], RED, { strokeWidth: 1.5 }),
        Plot.dot([[a, y]], { fill: RED, r: 3.5 }),
        word(String(slope(a)), a, y, RED, { dx: -9, dy: -8, textAnchor: "end" }),
      ];
    });
    return {
      heading,
      width: 260,
      height: 230,
      x: { label: "a", domain: [0, 6.2] },
      y: { label: null, grid: true, nice: true },
      marks: [curve(graphOf(f, between(low, high, 101)), BLUE), ...tangents],
    };
  });
  return picture("a², a³ and log a with their tangents at 2 and 5", [panels]);
}

/** 3.6, 3.8: the activations, each with its derivative. */
export function activationsFigure(): string {
  const rows: [string, (z: NDArray) => NDArray, (z: NDArray) => NDArray, string][] = [
    ["sigmoid", sigmoid, sigmoidDerivative, BLUE],
    ["tanh", tanh, tanhDerivative, GREEN],
    ["ReLU", relu, reluDerivative, ORANGE],
    ["leaky ReLU", leakyRelu, leakyReluDerivative, RED],
  ];
  // A step is drawn as one: places on both sides of 0, and no line between them.
  const left = between(-4, -1e-9, 100);
  const right = between(1e-9, 4, 100);
  const size = { width: 205, height: 180, x: { label: "z", ticks: 5 } };
  const panel = (
    heading: string,
    f: (z: NDArray) => NDArray,
    colour: string,
    domain: [number, number],
    at?: number,
  ): Panel => ({
    ...size,
    heading,
    y: { label: null, domain, grid: true, ticks: 5 },
    marks: [
      Plot.ruleX([0], { stroke: "#d0d7de" }),
      Plot.ruleY([0], { stroke: "#d0d7de" }),
      curve(graphOf(f, left), colour),
      curve(graphOf(f, right), colour),
      ...(at === undefined ? [] : [Plot.dot([[0, at]], { fill: colour, r: 3.5 })]),
    ],
  });
  const atZero = (f: (z: NDArray) => NDArray) => graphOf(f, [0])[0]![1];
  return picture("The sigmoid, tanh, ReLU and leaky ReLU, and their derivatives, with a dot at 0", [
    rows.map(([name, g, , colour]) => panel(name, g, colour, [-1.1, name.includes("ReLU") ? 4 : 1.1])),
    rows.map(([name, , slope, colour]) => panel(`${name}′`, slope, colour, [-0.05, 1.1], atZero(slope))),
  ]);
}
