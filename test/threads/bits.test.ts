/** The same bits as `fit`, whoever computes: parameters and history. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MOST_CHUNKS } from "../../src/chunks.ts";
import { processors } from "../../src/host.ts";
import {
  array,
  configure,
  type EarlyStopping,
  type FitAsyncOptions,
  type FitOptions,
  type History,
  info,
  LogisticRegression,
  type NDArray,
  Random,
  type TrainingOptions,
  TwoLayerNetwork,
  type TwoLayerNetworkOptions,
} from "../../src/index.ts";
import { adam, lbfgs, momentum } from "../../src/optimizers.ts";
import { dtypes } from "../compare.ts";
import { inOrder, type Rows, samples, transpose } from "../fixtures.ts";
import { builds, type Model, models, useBuild } from "../model-state.ts";
import { chunked, expectNoWorkersLeft, expectSameFit } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

afterAll(expectNoWorkersLeft);

const THREADS = [undefined, 1, 2, 3, 8, "auto"] as const;

// 16 chunks, the last of them incomplete.
const m = 17_001;
const data = samples(5, m);
const held = samples(5, 4500, 9);

interface Case {
  name: string;
  options: TrainingOptions;
  /** Chunks of a step: no more threads can take part. */
  parts: number;
  fit?: (dtype: "f32" | "f64") => FitOptions;
}

const stopping =
  (options: Omit<EarlyStopping, "validation">) =>
  (dtype: "f32" | "f64"): FitOptions => ({
    earlyStopping: { validation: [array(held.X, { dtype }), array(held.Y, { dtype })], ...options },
  });

/** A weight for each sample, some of them 0. */
const weights = (dtype: "f32" | "f64"): FitOptions => ({
  sampleWeight: array([data.Y[0]!.map((_, j) => (j % 7) / 3)], { dtype }),
});

const cases: Case[] = [
  { name: "full batch", options: { epochs: 6 }, parts: 16 },
  { name: "l2", options: { epochs: 4, l2: 40 }, parts: 16 },
  { name: "lbfgs", options: { epochs: 9, optimizer: lbfgs(), l2: 2 }, parts: 16 },
  { name: "lbfgs, short", options: { epochs: 9, optimizer: lbfgs({ historySize: 2 }), l2: 2 }, parts: 16 },
  { name: "tolerance", options: { epochs: 60, learningRate: 1, tolerance: 0.01 }, parts: 16 },
  { name: "momentum", options: { epochs: 4, optimizer: momentum({ momentum: 0.8 }), l2: 2 }, parts: 16 },
  {
    name: "adam",
    options: { epochs: 4, optimizer: adam({ beta1: 0.7, beta2: 0.99 }), learningRate: 0.02, l2: 2 },
    parts: 16,
  },
  { name: "momentum in batches", options: { epochs: 2, batchSize: 2500, optimizer: momentum() }, parts: 2 },
  {
    name: "adam in batches",
    options: { epochs: 2, batchSize: 2500, optimizer: adam({ epsilon: 1e-4 }) },
    parts: 2,
  },
  { name: "sample weights", options: { epochs: 4, l2: 2 }, parts: 16, fit: weights },
  { name: "class weights", options: { epochs: 4, classWeight: "balanced" }, parts: 16 },
  {
    name: "sample and class weights in batches, with early stopping",
    options: { epochs: 3, batchSize: 2500, classWeight: { 0: 3 } },
    parts: 2,
    fit: (dtype) => ({ ...weights(dtype), ...stopping({ patience: 9 })(dtype) }),
  },
  { name: "batches of one chunk", options: { epochs: 2, batchSize: 1000, seed: 3 }, parts: 1 },
  { name: "batches of two chunks", options: { epochs: 2, batchSize: 2049, seed: 3, l2: 3 }, parts: 2 },
  { name: "batches of four chunks, in order", options: { epochs: 2, batchSize: 5000, shuffle: false }, parts: 4 },
  { name: "batches of eight chunks, the last of one", options: { epochs: 2, batchSize: 8400 }, parts: 8 },
  {
    name: "early stopping",
    options: { epochs: 30, learningRate: 3, l2: 20 },
    parts: 16,
    fit: stopping({ patience: 2, minDelta: 0.005 }),
  },
  {
    name: "early stopping that keeps the last, in batches",
    options: { epochs: 4, batchSize: 4200 },
    parts: 4,
    fit: stopping({ patience: 1, minDelta: 0.001, restoreBest: false }),
  },
];

type Samples = readonly [NDArray, NDArray];

/** A fit as its case says, by `fit`. */
function fitted(make: () => Model, [X, Y]: Samples, options: FitOptions): [History, Model] {
  const model = make();
  return [model.fit(X, Y, options), model];
}

/** The same by fitAsync. */
async function fittedAsync(
  make: () => Model,
  [X, Y]: Samples,
  options: FitAsyncOptions,
): Promise<[History, Model]> {
  const model = make();
  return [await model.fitAsync(X, Y, options), model];
}

/** Where such a fit must run. */
function expectPlace({ execution }: History, threads: (typeof THREADS)[number], parts: number): void {
  const wanted = threads === "auto" ? processors() : threads;
  const size = Math.min(wanted ?? 1, parts);
  const mode = threads === undefined ? "slices" : size > 1 ? "threads" : "worker";
  expect({ mode: execution.mode, threads: execution.threads }).toEqual({ mode, threads: size });
}

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  // One number of threads after another, so that a team does many fits.
  test.each(build === "simd" ? THREADS : ([3, "auto"] as const))(
    "threads %s: both trainers, both dtypes, all ways to train",
    async (threads) => {
      // Cases of as many parts one after another: a team of another size is another team.
      for (const { name, options, parts, fit: fitOptions } of [...cases].sort((a, b) => b.parts - a.parts)) {
        for (const dtype of dtypes) {
          const both = [array(data.X, { dtype }), array(data.Y, { dtype })] as const;
          for (const { name: modelName, make } of models) {
            const trained = () => make({ seed: 4, ...options });
            const more = fitOptions?.(dtype) ?? {};
            const want = fitted(trained, both, more);
            const got = await fittedAsync(trained, both, threads === undefined ? more : { ...more, threads });
            expectPlace(got[0], threads, parts);
            expectSameFit(got, want, `${modelName}, ${dtype}, ${name}`);
            for (const [, model] of [want, got]) model.free();
          }
          for (const array of both) array.free();
        }
      }
    },
  );
});

describe("the cases", () => {
  const named = (name: string) => cases.find((found) => found.name === name)!;
  const stopped = (options: TrainingOptions, more: FitOptions = {}) =>
    new LogisticRegression(options).fit(array(data.X), array(data.Y), more);

  test("stop for the reason that they are there for, before their epochs are over", () => {
    const history = stopped(named("tolerance").options);
    expect(history.stopped).toBe("tolerance");
    expect(history.epochs).toBeGreaterThan(2);
    const early = stopped(named("early stopping").options, named("early stopping").fit!("f32"));
    expect(early.stopped).toBe("earlyStopping");
    expect(early.epochs).toBeGreaterThan(early.bestEpoch!);
    expect(early.bestEpoch).toBeGreaterThan(0);
  });
});

describe("with two and three threads", () => {
  beforeAll(() => configure({ build: "simd" }));

  test.each([2, 3] as const)("%i: as many chunks as there can be", async (threads) => {
    const { X, Y } = chunked("f32", 263_000);
    for (const { name, make } of models) {
      const trained = () => make({ seed: 4, epochs: 3 });
      const want = fitted(trained, [X, Y], {});
      const got = await fittedAsync(trained, [X, Y], { threads });
      expectPlace(got[0], threads, MOST_CHUNKS);
      expectSameFit(got, want, name);
      for (const [, model] of [want, got]) model.free();
    }
    for (const each of [X, Y]) each.free();
  });

  /** X and Y as they may lie in memory. */
  const layouts: [string, (X: Rows, dtype: "f32" | "f64") => NDArray][] = [
    ["rows", (X, dtype) => inOrder(X, "rows", dtype)],
    ["columns", (X, dtype) => inOrder(X, "columns", dtype)],
    [
      "columns of a wider array",
      (X, dtype) =>
        array(
          X.map((row) => [7, 7, ...row, 7]),
          { dtype },
        ).columns(2, 2 + X[0]!.length),
    ],
    ["rows of a higher array", (X, dtype) => array([X[0]!, ...X, X[0]!], { dtype }).rows(1, 1 + X.length)],
    [
      "the transpose of columns of a wider array",
      (X, dtype) =>
        array(
          transpose(X).map((row) => [7, ...row, 7, 7]),
          { dtype },
        ).columns(1, 1 + X.length).T,
    ],
    [
      "the transpose of rows of a higher array",
      (X, dtype) => {
        const rows = transpose(X);
        return array([rows[1]!, ...rows], { dtype }).rows(1, 1 + rows.length).T;
      },
    ],
  ];

  describe.each(dtypes)("%s", (dtype) => {
    test.each(layouts)("X as %s, Y as all others", async (_, lay) => {
      const X = lay(data.X, dtype);
      const want = new Map<string, [History, Model]>();
      for (const threads of [dtype === "f32" ? 2 : 3]) {
        for (const { name: modelName, make } of models) {
          for (const options of [{ epochs: 3 }, { epochs: 1, batchSize: 4500 }]) {
            const Y = layouts[(threads + options.epochs) % layouts.length]![1](data.Y, dtype);
            const trained = () => make({ seed: 4, ...options });
            const key = `${modelName} ${JSON.stringify(options)}`;
            if (!want.has(key)) want.set(key, fitted(trained, [X, Y], {}));
            const got = await fittedAsync(trained, [X, Y], { threads });
            expect(got[0].execution).toMatchObject({ mode: "threads", threads });
            expectSameFit(got, want.get(key)!, key);
            // And those of plain rows.
            expectSameFit(got, fitted(trained, [array(data.X, { dtype }), array(data.Y, { dtype })], {}), key);
          }
        }
      }
    });
  });

  test.each([["nested arrays", data.X, data.Y] as const])("%s as they are given", async (_, X, Y) => {
    const [a, b] = [new LogisticRegression({ epochs: 3 }), new LogisticRegression({ epochs: 3 })];
    const want = a.fit(X, Y);
    expectSameFit([await b.fitAsync(X, Y, { threads: 2 }), b], [want, a], "nested");
  });

  const networks: TwoLayerNetworkOptions[] = [
    ...(["sigmoid", "tanh", "relu", "leakyRelu", "identity"] as const).map((activation) => ({ activation })),
    ...(["he", "xavier", "zeros"] as const).map((initialization) => ({ initialization })),
    {
      initialization: {
        W1: samples(5, 7).X.map((row) => row.slice(0, 5)),
        b1: [[1], [2], [3], [4], [5]],
        W2: [[1, 0, -1, 0.5, 2]],
        b2: [[0.1]],
      },
    },
    // Chunks of many pieces, between which threads look up.
    { hidden: 200, activation: "relu" },
  ];

  test.each(networks)("a network with %j", async (options) => {
    const [X, Y] = [array(data.X), array(data.Y)];
    const make = () => new TwoLayerNetwork({ hidden: 5, epochs: 3, seed: 8, ...options });
    const want = fitted(make, [X, Y], {});
    const got = await fittedAsync(make, [X, Y], { threads: 2 });
    expect(got[0].execution.threads).toBe(2);
    expectSameFit(got, want, "network");
  });

  test("features in the hundreds, so that a chunk has many pieces", async () => {
    const wide = samples(300, 4200);
    const [X, Y] = [array(wide.X), array(wide.Y)];
    for (const { make } of models) {
      const want = fitted(() => make({ epochs: 2 }), [X, Y], {});
      expectSameFit(await fittedAsync(() => make({ epochs: 2 }), [X, Y], { threads: 2 }), want, "wide");
    }
  });

  test("warmStart goes on where the last fit ended, in whatever way that ran", async () => {
    const [X, Y] = [array(data.X), array(data.Y)];
    for (const { make } of models) {
      const options = { epochs: 2, warmStart: true, batchSize: 6000, seed: 2 };
      const [a, b] = [make(options), make(options)];
      for (const threads of [2, undefined, 3, 1]) {
        const want = a.fit(X, Y);
        const got = await b.fitAsync(X, Y, threads === undefined ? {} : { threads });
        expectSameFit([got, b], [want, a], `threads ${threads}`);
      }
    }
  });

  test("a team works for one build after the other, and for other dtypes, without mixing them up", async () => {
    for (const build of ["relaxed", "simd", "relaxed"] as const) {
      useBuild(build);
      for (const dtype of dtypes) {
        const both = [array(data.X, { dtype }), array(data.Y, { dtype })] as const;
        const make = () => new LogisticRegression({ epochs: 3 });
        expectSameFit(await fittedAsync(make, both, { threads: 2 }), fitted(make, both, {}), `${build} ${dtype}`);
      }
    }
    expect(info().build).toBe("relaxed");
  });
});

describe("rows too large for caches, which workers get as whole samples", () => {
  const [n_x, count] = [37, 30_011];

  beforeAll(() => useBuild("simd"));

  test.each(dtypes.flatMap((dtype) => [1, 2].map((threads) => [dtype, threads] as const)))(
    "%s, threads %i: whole, with gaps between rows, and as columns, all with the bits of fit",
    async (dtype, threads) => {
      const wide = new Random(8).normal([n_x + 2, count + 5], { dtype });
      const gaps = wide.rows(1, n_x + 1).columns(3, count + 3);
      const rows = array(gaps.toArray() as number[][], { dtype });
      const columns = array(gaps.T.toArray() as number[][], { dtype }).T;
      const Y = array([Array.from(gaps.rows(4, 5).data, (x) => (x > 0.3 ? 1 : 0))], { dtype });
      const make = () => new LogisticRegression({ epochs: 10, learningRate: 0.5, l2: 3, dtype });
      const want = fitted(make, [rows, Y], {});
      for (const [name, X] of Object.entries({ rows, gaps, columns })) {
        expectSameFit(await fittedAsync(make, [X, Y], { threads }), want, name);
      }
    },
  );
});
