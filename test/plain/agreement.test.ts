/**
 * The wasm builds against the kernel in plain JavaScript: to the bit where both compute alike, and within rounding where
 * whole trainings add in another order. What each function alone may be off by, test/assembly asks of all of them.
 */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Arena } from "../assembly/arena.ts";
import * as call from "../assembly/calls.ts";
import { between, blankVector, vector } from "../assembly/data.ts";
import { dtypes, epsilon, expectSame, expectWithin } from "../compare.ts";
import { breastCancer, digits, flower, type Labelled } from "../fixtures.ts";
import { binary, unary } from "../oracle.ts";

type Package = typeof import("../../src/index.ts") &
  typeof import("../../src/optimizers.ts") &
  typeof import("../../src/softmax-regression.ts");

async function everything(): Promise<Package> {
  return {
    ...(await import("../../src/index.ts")),
    ...(await import("../../src/optimizers.ts")),
    ...(await import("../../src/softmax-regression.ts")),
  };
}

const [simd, plain] = ["simd", "plain"].map((build) => new Arena(build, 1 << 17)) as [Arena, Arena];

describe("to the bit", () => {
  const n = 4096;
  const x = vector("f64", n, 1, between(1, -40, 40));
  const y = vector("f64", n, 1, between(2, 0, 40));
  const single = vector("f32", n, 1, between(1, -40, 40));
  const positive = vector("f32", n, 1, between(2, 0, 40));

  test.each(Object.keys(unary))("%s in f64 is that of the simd build", (name) => {
    const of = name === "log" || name === "square_root" ? y : x;
    const [want, got] = [simd, plain].map((arena) => {
      arena.clear();
      return call.unary(arena, "f64", name, of, blankVector(n, 1));
    });
    expectSame(got!, want!, name);
  });

  test.each(Object.keys(unary))("%s in f32 is the f64 function, rounded", (name) => {
    const of = name === "log" || name === "square_root" ? positive : single;
    plain.clear();
    const wide = call.unary(plain, "f64", name, of, blankVector(n, 1));
    plain.clear();
    expectSame(call.unary(plain, "f32", name, of, blankVector(n, 1)), wide.map(Math.fround), name);
  });

  test.each(dtypes.flatMap((dtype) => Object.keys(binary).map((name) => [name, dtype] as const)))(
    "%s in %s is that of the simd build",
    (name, dtype) => {
      const [a, b] = dtype === "f64" ? [y, x] : [positive, single];
      const [want, got] = [simd, plain].map((arena) => {
        arena.clear();
        return call.binary(arena, dtype, name, a, b, blankVector(n, 1));
      });
      expectSame(got!, want!, name);
    },
  );
});

// Trainings: the largest distance measured is 16 roundings, softmax in f64.

/** The package over the kernel in plain JavaScript. */
async function overPlain(): Promise<Package> {
  vi.resetModules();
  vi.doMock("../../src/loading/inlined.ts", () => import("../../src/loading/plain.ts"));
  try {
    return await everything();
  } finally {
    vi.doUnmock("../../src/loading/inlined.ts");
    vi.resetModules();
  }
}

describe.each(["simd", "relaxed"] as const)("trained on the %s build and on the plain kernel", (build) => {
  let packages: Package[];
  beforeAll(async () => {
    const js = await overPlain();
    const wasm = await everything();
    wasm.configure({ build });
    expect([js, wasm].map(({ info }) => info().build)).toEqual(["js", build]);
    packages = [js, wasm];
  });

  const trainings: [
    name: string,
    Labelled,
    train: (lib: Package, dtype: "f32" | "f64", data: Labelled) => number[],
  ][] = [
    [
      "logistic regression on the breast-cancer data",
      breastCancer(),
      ({ LogisticRegression }, dtype, { X, Y }) => {
        using model = new LogisticRegression({ learningRate: 0.1, epochs: 200, l2: 1, dtype });
        return [...model.fit(X, Y).cost, ...model.w.data, model.b];
      },
    ],
    [
      "logistic regression in mini-batches with momentum",
      breastCancer(),
      ({ LogisticRegression, momentum }, dtype, { X, Y }) => {
        const options = {
          learningRate: 0.01,
          epochs: 20,
          batchSize: 64,
          optimizer: momentum(),
          seed: 3,
          dtype,
        } as const;
        using model = new LogisticRegression(options);
        return [...model.fit(X, Y).cost, ...model.w.data, model.b];
      },
    ],
    [
      "the network on the flower",
      flower(),
      ({ TwoLayerNetwork }, dtype, { X, Y }) => {
        using model = new TwoLayerNetwork({ hidden: 4, learningRate: 1.2, epochs: 200, seed: 1, dtype });
        const { cost } = model.fit(X, Y);
        return [...cost, ...Object.values(model.parameters).flatMap((a) => [...a.data])];
      },
    ],
    [
      "the network in mini-batches with Adam",
      breastCancer(),
      ({ TwoLayerNetwork, adam }, dtype, { X, Y }) => {
        const options = { hidden: 5, learningRate: 0.01, epochs: 20, batchSize: 64, optimizer: adam() } as const;
        using model = new TwoLayerNetwork({ ...options, activation: "sigmoid", seed: 1, dtype });
        const { cost } = model.fit(X, Y);
        return [...cost, ...Object.values(model.parameters).flatMap((a) => [...a.data])];
      },
    ],
    [
      "softmax regression on the digits",
      digits(),
      ({ SoftmaxRegression }, dtype, { X, Y }) => {
        using model = new SoftmaxRegression({ classes: 10, learningRate: 0.5, epochs: 50, dtype });
        const { cost } = model.fit(X, Y);
        return [...cost, ...Object.values(model.parameters).flatMap((a) => [...a.data])];
      },
    ],
  ];

  test.each(trainings.flatMap(([name, data, train]) => dtypes.map((dtype) => ({ name, dtype, data, train }))))(
    "$name in $dtype: costs and parameters agree to 32 roundings",
    ({ name, dtype, data, train }) => {
      const [js, wasm] = packages.map((lib) => train(lib, dtype, data));
      const bounds = wasm!.map((v) => 32 * epsilon[dtype] * (1 + Math.abs(v)));
      expectWithin(js!, wasm!, bounds, name);
    },
  );
});
