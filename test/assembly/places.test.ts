/** What holds for every function: its result depends on the values alone, not on where they lie or when. */
import { describe, test } from "vitest";
import { type Dtype, dtypes, expectSame } from "../compare.ts";
import { activations, binary as binaries, reductions, unary as unaries } from "../oracle.ts";
import { Arena } from "./arena.ts";
import * as call from "./calls.ts";
import {
  between,
  blank,
  blankVector,
  classNumbers,
  cycle,
  integers,
  type Layout,
  labels,
  layouts,
  operand,
  vector,
} from "./data.ts";
import { builds } from "./load.ts";

const rows = layouts[0]!;

/** One function on one set of inputs, whose number is `inputs`. */
interface Case {
  name: string;
  inputs: number;
  run(arena: Arena): Float64Array;
}

/** Every function of the ABI but the random ones, on m × n values in a memory order. */
function casesOf(dtype: Dtype, m: number, n: number, layout: Layout): Case[] {
  const x = operand(dtype, m, n, layout, between(1, -1, 1));
  const y = operand(dtype, m, n, layout, between(2, 1, 2));
  const label = vector(dtype, n, 2, labels(3));
  const heavy = vector(dtype, n, 2, between(11, 0, 3));
  const weights = vector(dtype, m + 1, 1, between(4, -1, 1));
  const step = layout.strides(m, n)[1];
  const [u, v] = [vector(dtype, n, step, between(5, -1, 1)), vector(dtype, n, 1, between(6, -1, 1))];
  const gradient = vector(dtype, m + 1, 1, integers(7));
  const network = vector(dtype, 5 * (m + 2) + 1, 1, between(8, -1, 1));
  const sums = vector(dtype, network.cols, 1, integers(9));
  const softmax = vector(dtype, 3 * (m + 1), 1, between(10, -1, 1));
  const classes = vector(dtype, n, 2, classNumbers(11, 3));
  const moments = vector(dtype, 2 * network.cols, 1, between(10, 0, 1));
  const out = blank(m, n, layout);
  const index = vector("f64", 2 * n, 1, cycle([...Array(n).keys()]));
  const one = (value: number) => Float64Array.of(value);
  return [
    { name: "copy", inputs: 1, run: (a) => call.unary(a, dtype, "copy", x, out) },
    ...Object.keys(unaries).map((name) => ({
      name,
      inputs: 1,
      run: (a: Arena) => call.unary(a, dtype, name, name === "log" ? y : x, out),
    })),
    ...Object.keys(binaries).map((name) => ({
      name,
      inputs: 2,
      run: (a: Arena) => call.binary(a, dtype, name, x, y, out),
    })),
    { name: "where", inputs: 3, run: (a) => call.where(a, dtype, label, u, v, blankVector(n, step)) },
    ...Object.keys(reductions).map((name) => ({
      name,
      inputs: 1,
      run: (a: Arena) => call.reduce(a, dtype, name, x, blankVector(m, 1)),
    })),
    { name: "take_columns", inputs: 2, run: (a) => call.takeColumns(a, dtype, x, index, blank(m, 2 * n, rows)) },
    { name: "dot", inputs: 2, run: (a) => one(call.dot(a, dtype, u, v)) },
    { name: "find_non_finite", inputs: 1, run: (a) => one(call.findNonFinite(a, dtype, x)) },
    { name: "find_non_class", inputs: 1, run: (a) => one(call.findNonClass(a, dtype, 2, label)) },
    { name: "cross_entropy", inputs: 2, run: (a) => call.crossEntropy(a, dtype, u, label, blankVector(n, step)) },
    {
      name: "cross_entropy with weights",
      inputs: 3,
      run: (a) => call.crossEntropy(a, dtype, u, label, blankVector(n, step), heavy),
    },
    {
      name: "gemm",
      inputs: 2,
      // X·Xᵀ, with Xᵀ in the other memory order.
      run: (a) => {
        const t = { ...x, rows: n, cols: m, rs: x.cs, cs: x.rs, values: transposed(m, n, x.values) };
        return call.gemm(a, dtype, x, t, operand(dtype, m, m, layout, integers(1)), 0.5, 2);
      },
    },
    {
      name: "logistic_gradient",
      inputs: 3,
      run: (a) => call.logisticGradient(a, dtype, x, label, weights, gradient),
    },
    {
      name: "logistic_gradient with weights",
      inputs: 4,
      run: (a) => call.logisticGradient(a, dtype, x, label, weights, gradient, heavy),
    },
    {
      name: "logistic_logits",
      inputs: 2,
      run: (a) => call.logisticLogits(a, dtype, x, weights, blankVector(n, 1)),
    },
    ...activations.flatMap((activation, i) => [
      {
        name: `two_layer_gradient with ${activation.name}`,
        inputs: 3,
        run: (a: Arena) => call.twoLayerGradient(a, dtype, 5, i, x, label, network, sums),
      },
      {
        name: `two_layer_gradient with ${activation.name} and weights`,
        inputs: 4,
        run: (a: Arena) => call.twoLayerGradient(a, dtype, 5, i, x, label, network, sums, heavy),
      },
      {
        name: `two_layer_logits with ${activation.name}`,
        inputs: 2,
        run: (a: Arena) => call.twoLayerLogits(a, dtype, 5, i, x, network, blankVector(n, 2)),
      },
    ]),
    {
      name: "softmax_gradient",
      inputs: 3,
      run: (a) => call.softmaxGradient(a, dtype, 3, x, classes, softmax, { ...sums, cols: softmax.cols }),
    },
    {
      name: "softmax_gradient with weights",
      inputs: 4,
      run: (a) => call.softmaxGradient(a, dtype, 3, x, classes, softmax, { ...sums, cols: softmax.cols }, heavy),
    },
    {
      name: "softmax_gradient without a gradient",
      inputs: 3,
      run: (a) => call.softmaxGradient(a, dtype, 3, x, classes, softmax),
    },
    ...(
      [
        ["gradient_step", [0.1, 0.2, 0.3], []],
        ["gradient_step", [0.1, 0.2, 0.3, 0.9], [network]],
        ["adam_step", [0.1, 0.2, 0.3, 0.9, 0.99, 1e-8, 1.1], [moments]],
      ] as const
    ).map(([name, numbers, kept]) => ({
      name,
      inputs: 0,
      run: (a: Arena) => call.optimizerStep(a, name, dtype, 5 * m, numbers, [network, sums, ...kept]),
    })),
  ];
}

function transposed(m: number, n: number, values: Float64Array): Float64Array {
  return Float64Array.from({ length: m * n }, (_, i) => values[(i % m) * n + Math.floor(i / m)]!);
}

// One short of four vectors, 7 (f64) or 15 (f32), is where an unrolled loop reaches too far.
const sizes = [
  [1, 1],
  [3, 5],
  [5, 3],
  [2, 7],
  [4, 8],
  [3, 15],
  [7, 19],
  [20, 33],
] as const;

describe.each(builds)("every function of the %s build", (build) => {
  describe.each(dtypes)("in %s", (dtype) => {
    const arena = new Arena(build, 1 << 18);

    test.each(layouts)("gives the same bits at every alignment and at every call, in $name", (layout) => {
      for (const [m, n] of sizes) {
        for (const { name, run } of casesOf(dtype, m, n, layout)) {
          arena.clear();
          const aligned = run(arena);
          for (const displacement of [0, 1, 4, 8, 12]) {
            arena.clear(displacement);
            expectSame(run(arena), aligned, `${name} of ${m} × ${n} displaced by ${displacement}`);
          }
        }
      }
    });

    test.each(layouts)("reads no byte past the end of an input, in $name", (layout) => {
      for (const [m, n] of sizes) {
        for (const { name, inputs, run } of casesOf(dtype, m, n, layout)) {
          for (let i = 0; i < inputs; i++) {
            arena.clear();
            const inside = run(arena);
            arena.clear(0, i);
            expectSame(run(arena), inside, `${name} of ${m} × ${n}, input ${i} at the end of the memory`);
          }
        }
      }
    });
  });
});
