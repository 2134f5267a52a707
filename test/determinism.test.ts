/** The same bits: in two runs, for X in either memory order, for the same numbers in any form. */
import { beforeAll, describe, expect, test } from "vitest";
import { type ArrayInput, array, LogisticRegression, type TrainingOptions, TwoLayerNetwork } from "../src/index.ts";
import { dtypes, expectSame } from "./compare.ts";
import { inOrder, orders, samples } from "./fixtures.ts";
import { builds, type Model, models, parametersOf, useBuild } from "./model-state.ts";

// Features and samples beyond one vector, one block of the kernel and one chunk.
const { X, Y } = samples(37, 2100);
const batches: TrainingOptions[] = [{}, { batchSize: 256 }, { batchSize: 256, shuffle: false }];

/** Parameters and costs after a fit. */
function outcome(model: Model, x: ArrayInput, y: ArrayInput): number[] {
  const { cost } = model.fit(x, y);
  const result = [...parametersOf(model), ...cost];
  model.free();
  return result;
}

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(models)("$name", ({ make }) => {
    const cases = dtypes.flatMap((dtype) => batches.map((batch) => ({ dtype, ...batch })));

    test.each(cases)("%j: one seed gives the same bits in every run, X in either memory order", (options) => {
      const y = array(Y, { dtype: options.dtype });
      const runs = [...orders, ...orders].map((order) =>
        outcome(make({ epochs: 3, seed: 7, ...options }), inOrder(X, order, options.dtype), y),
      );
      expect(runs[0]!.every(Number.isFinite)).toBe(true);
      runs.forEach((run, i) => {
        expectSame(run, runs[0]!, `run ${i}`);
      });
      y.free();
    });

    test.each(dtypes)("%s: nested arrays, { data, shape }, NDArray and views give the same bits", (dtype) => {
      const make1 = () => make({ epochs: 2, dtype });
      const typed = (rows: number[][]) => {
        const shape = [rows.length, rows[0]!.length];
        return { data: dtype === "f32" ? new Float32Array(rows.flat()) : new Float64Array(rows.flat()), shape };
      };
      const wide = array(
        [...X, ...X].map((row) => [...row, ...row]),
        { dtype },
      )
        .rows(37, 74)
        .columns(2100, 4200);
      const want = outcome(make1(), array(X, { dtype }), array(Y, { dtype }));
      expectSame(outcome(make1(), X, Y), want, "nested");
      expectSame(outcome(make1(), typed(X), typed(Y)), want, "{ data, shape }");
      expectSame(outcome(make1(), wide, { data: Uint8Array.from(Y[0]!), shape: [1, 2100] }), want, "view");
      expectSame(
        outcome(
          make1(),
          X,
          array(
            Y[0]!.map((y) => [y, 9]),
            { dtype },
          ).columns(0, 1).T,
        ),
        want,
        "Y",
      );
    });

    test("what ran before, and where arrays lie, does not matter", () => {
      const first = outcome(make({ epochs: 2 }), X, Y);
      const shift = array([1, 2, 3]);
      outcome(make({ epochs: 1, seed: 3 }), samples(5, 30).X, samples(5, 30).Y);
      expectSame(outcome(make({ epochs: 2 }), X, Y), first, "shifted");
      shift.free();
    });
  });
});

describe("seeds", () => {
  const some = samples(4, 60);

  test("of TwoLayerNetwork differ in the start and in the shuffle, of LogisticRegression in the shuffle only", () => {
    const trained = (model: Model) => outcome(model, some.X, some.Y);
    const shuffled = { epochs: 2, batchSize: 7 };
    for (const { make } of models) {
      expect(trained(make({ ...shuffled, seed: 1 }))).not.toEqual(trained(make({ ...shuffled, seed: 2 })));
    }
    expect(trained(new TwoLayerNetwork({ epochs: 2, seed: 1 }))).not.toEqual(
      trained(new TwoLayerNetwork({ epochs: 2, seed: 2 })),
    );
    const start = new TwoLayerNetwork({ seed: 1 }).initialize(4).parameters;
    const sameStart = (seed: number) => new TwoLayerNetwork({ ...shuffled, seed, initialization: start });
    expect(trained(sameStart(1))).not.toEqual(trained(sameStart(2)));
    expectSame(
      trained(new LogisticRegression({ seed: 1 })),
      trained(new LogisticRegression({ seed: 2 })),
      "full batch",
    );
  });

  test("beyond 32 bits count in full", () => {
    const starts = [5, 2 ** 32 + 5, 2 ** 52 + 5].map((seed) =>
      parametersOf(new TwoLayerNetwork({ seed }).initialize(4)).join(),
    );
    expect(new Set(starts).size).toBe(3);
  });

  test("start f32 and f64 with the same numbers, rounded", () => {
    for (const initialization of ["normal", "he", "xavier"] as const) {
      const start = (dtype: "f32" | "f64") =>
        parametersOf(new TwoLayerNetwork({ hidden: 9, seed: 4, initialization }).initialize(5, { dtype }));
      const double = start("f64");
      expectSame(start("f32"), double.map(Math.fround), initialization);
      expect(double.some((p) => p !== Math.fround(p))).toBe(true);
    }
  });

  test("start the same whatever the training options", () => {
    const start = (options: TrainingOptions) => parametersOf(new TwoLayerNetwork(options).initialize(4));
    expectSame(start({ batchSize: 3, epochs: 9, l2: 2 }), start({}), "start");
  });
});

describe("options left out are the documented defaults:", () => {
  const { X: x, Y: y } = samples(4, 60);
  const shared = {
    learningRate: 0.1,
    epochs: 1000,
    shuffle: true,
    l2: 0,
    tolerance: 0,
    warmStart: false,
    seed: 0,
    dtype: "f32",
  } as const;
  const network = { hidden: 4, activation: "tanh", initialization: "normal" } as const;

  test.each([
    [
      "LogisticRegression",
      new LogisticRegression(),
      new LogisticRegression({ ...shared, initialization: "zeros" }),
    ],
    ["TwoLayerNetwork", new TwoLayerNetwork(), new TwoLayerNetwork({ ...shared, ...network })],
    [
      "LogisticRegression with undefined",
      // @ts-expect-error Types forbid it, objects spread from elsewhere contain it.
      new LogisticRegression({ learningRate: undefined, seed: undefined, dtype: undefined }),
      new LogisticRegression({ ...shared }),
    ],
  ])("%s without any is the same to the bit", (_, bare, full) => {
    expectSame(outcome(bare, x, y), outcome(full, x, y), "full batch");
  });

  test.each(models)("$name shuffles its batches", ({ make }) => {
    const batch = { batchSize: 8, epochs: 2 };
    expectSame(outcome(make(batch), x, y), outcome(make({ ...batch, shuffle: true }), x, y), "mini-batches");
  });
});
