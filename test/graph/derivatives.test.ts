/** The derivative of every operation: against differences, in both dtypes, and where there is none. */
import { describe, expect, test } from "vitest";
import * as graph from "../../src/graph.ts";
import {
  abs,
  add,
  checkGradients,
  concatenate,
  crossEntropy,
  div,
  gradients,
  leakyRelu,
  log,
  max,
  maximum,
  min,
  minimum,
  mul,
  type Operand,
  power,
  relu,
  sqrt,
  sum,
  type Variable,
  variable,
  where,
} from "../../src/graph.ts";
import * as core from "../../src/index.ts";
import { dtypes } from "../compare.ts";
import { cases, flat, weighed } from "./cases.ts";

describe.each(cases)("$name", ({ f, inputs }) => {
  test("has the gradient that differences show", () => {
    expect(checkGradients((...variables) => weighed(f(...variables)), inputs).error).toBeLessThan(2e-8);
  });

  test("has in f32 the gradient of f64, in the inputs' shapes", () => {
    const [singles, doubles] = dtypes.map((dtype) => {
      const arrays = inputs.map((input) => core.array(input, { dtype }));
      return gradients((...variables: Variable[]) => weighed(f(...variables)))(...arrays);
    });
    doubles!.forEach((wide, i) => {
      const narrow = singles![i]!;
      expect([narrow.dtype, narrow.shape, wide.dtype, wide.shape]).toEqual([
        "f32",
        core.array(inputs[i]!).shape,
        "f64",
        core.array(inputs[i]!).shape,
      ]);
      const exact = flat(wide);
      flat(narrow).forEach((x, k) => {
        expect(Math.abs(x - exact[k]!)).toBeLessThan(3e-6 * Math.max(1, Math.abs(exact[k]!)));
      });
    });
  });
});

const exported: Record<string, unknown> = { ...core };

/** Cases that are one operation of fourlane on the inputs as they are. */
const plain = cases.filter(({ name }) => {
  return name.split(" ")[0]! in exported && !/itself|with|transpose|kept|along|where/.test(name);
});

test.each(plain)("$name has the value of fourlane's own operation", ({ name, f, inputs }) => {
  const own = exported[name.split(" ")[0]!] as (...arrays: core.NDArray[]) => core.NDArray | number;
  const arrays = inputs.map((input) => core.array(input, { dtype: "f64" }));
  const x = own(...arrays);
  expect(f(...arrays.map((a) => variable(a))).value.toArray()).toEqual(typeof x === "number" ? x : x.toArray());
});

test("every operation of the graph is among the cases", () => {
  const others = ["Variable", "variable", "gradients", "checkGradients"];
  const names = Object.keys(graph).filter((name) => !others.includes(name));
  expect(names.filter((name) => !cases.some((each) => each.name.split(" ")[0] === name))).toEqual([]);
});

test("arithmetic, activations and reductions of fourlane all exist on variables", () => {
  const others =
    /^(array|zeros|ones|full|arange|linspace|meshgrid|argmax|scope|info|init|configure|createRuntime|matmulAsync|releaseThreads|trainTestSplit|.*Derivative)$/;
  const comparisons = /^(allClose|equal|greater|greaterEqual|less|lessEqual|notEqual)$/;
  const metrics = /^(accuracy|confusionMatrix|f1|logLoss|precision|recall|rocAuc)$/;
  const names = Object.keys(core).filter((name) => {
    return /^[a-z]/.test(name) && ![others, comparisons, metrics].some((list) => list.test(name));
  });
  expect(names.filter((name) => !(name in graph))).toEqual([]);
});

/** ∂f/∂x at numbers, or at an array. */
const at = (f: (...x: Variable[]) => Variable, ...inputs: Operand[]): unknown =>
  gradients(f)(...(inputs as core.ArrayInput[])).map((g) => g.toArray());

/** Points without a derivative, and what the graph takes for it. */
const choices: [what: string, found: () => unknown, expected: unknown][] = [
  ["relu′(0) is 0, as reluDerivative says", () => at((x) => relu(x!), 0), [0]],
  ["relu′(−0) is 0", () => at((x) => relu(x!), -0), [0]],
  [
    "leakyRelu′(0) is 0.01, as leakyReluDerivative says",
    () => at((x) => leakyRelu(x!), core.full([], 0, { dtype: "f64" })),
    [0.01],
  ],
  ["abs′(0) is 0, the mean of both sides", () => at((x) => abs(x!), 0), [0]],
  ["maximum of equals gives half to each", () => at((a, b) => maximum(a!, b!), 2, 2), [0.5, 0.5]],
  ["minimum of equals gives half to each", () => at((a, b) => minimum(a!, b!), 2, 2), [0.5, 0.5]],
  ["maximum of x with itself has derivative 1", () => at((x) => maximum(x!, x!), 2), [1]],
  [
    "maximum of 0 and −0, which are equal, gives half to each",
    () => at((a, b) => maximum(a!, b!), 0, -0),
    [0.5, 0.5],
  ],
  ["maximum of infinities gives half to each", () => at((a, b) => maximum(a!, b!), Infinity, Infinity), [0.5, 0.5]],
  ["maximum of far numbers gives all to one", () => at((a, b) => maximum(a!, b!), 3e38, -3e38), [1, 0]],
  [
    "max gives equal parts to those that share it",
    () => at((x) => max(x!), [1, 3, 3, 2, 3, 3]),
    [[0, 0.25, 0.25, 0, 0.25, 0.25]],
  ],
  [
    "min too, along an axis",
    () =>
      at(
        (x) => sum(min(x!, { axis: 1 })),
        [
          [1, 1],
          [2, 3],
        ],
      ),
    [
      [
        [0.5, 0.5],
        [1, 0],
      ],
    ],
  ],
  ["max at infinity too", () => at((x) => max(x!), [Infinity, 0, Infinity]), [[0.5, 0, 0.5]]],
  ["sqrt′(0) is infinite", () => at((x) => sqrt(x!), 0), [Infinity]],
  ["log′(0) is infinite", () => at((x) => log(x!), 0), [Infinity]],
  ["div by 0 has infinite derivatives", () => at((a, b) => div(a!, b!), 1, 0), [Infinity, -Infinity]],
  [
    "power of 0: derivative by the base 0, 1 and infinite",
    () => [2, 1, 0.5].map((b) => at((a) => power(a!, b), 0)),
    [0, 1, Infinity],
  ],
  ["power of 0 and by the exponent 0, at 0 too", () => [2, 0].map((b) => at((b) => power(0, b!), b)), [0, 0]],
  ["power 0: derivative by the base 0, at 0 too", () => [5, 0].map((a) => at((a) => power(a!, 0), a)), [0, 0]],
  ["power of numbers below 0 has no derivative by the exponent", () => at((b) => power(-2, b!), 2), [NaN]],
  ["where gives nothing to what was not chosen", () => at((a, b) => where(1, a!, b!), 3, 4), [1, 0]],
  [
    "crossEntropy keeps its digits where σ rounds to 1",
    () => at((z) => crossEntropy(z!, [1, 0]), core.array(Float64Array.of(50, 800))),
    [[-Math.exp(-50) / 2, 0.5]],
  ],
];

test.each(choices)("%s", (_, found, expected) => {
  const [x, y] = [[found()], [expected]].map((nested) => nested.flat(8) as number[]);
  expect(x).toHaveLength(y!.length);
  x!.forEach((value, i) => {
    if (!Object.is(value, y![i]) && value !== y![i]) expect(Math.abs(value / y![i]! - 1)).toBeLessThan(1e-14);
  });
});

test("crossEntropy has full precision in both tails, and never the logarithm of 0", () => {
  const z = [-800, -745, -50, -1e-9, 0, 1e-9, 37, 50, 745, 800];
  for (const y of [0, 1]) {
    for (const logit of z) {
      const J = crossEntropy(variable(logit, { dtype: "f64" }), y).item();
      const s = y === 1 ? -logit : logit;
      const exact = Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
      expect(Math.abs(J - exact)).toBeLessThanOrEqual(4e-16 * exact + 5e-324);
    }
  }
});

test("where and concatenate have the values of fourlane's own", () => {
  expect(where([1, 0, NaN], variable([1, 2, 3]), 5).value.toArray()).toEqual([1, 5, 3]);
  expect(concatenate([variable([[1], [2]]), [[3], [4]]], { axis: 1 }).value.toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

test("constants have no gradient, whatever form they have", () => {
  const x = variable([1, 2], { dtype: "f64" });
  const constant = core.array(Float64Array.of(3, 4));
  const J = sum(mul(add(mul(x, constant), [5, 6]), Float64Array.of(7, 8)));
  J.backward();
  expect(flat(x.grad)).toEqual([21, 32]);
  const grads = (node: Variable): unknown[] => [
    node.varies,
    node.grad === undefined,
    ...node.inputs.flatMap(grads),
  ];
  const found = grads(J);
  for (let i = 0; i < found.length; i += 2) expect(found[i]).toBe(!found[i + 1]);
});
