/** fitAsync in slices: the history and the weights of fit, to the last bit, whatever goes on in between. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  array,
  configure,
  info,
  matmul,
  max,
  min,
  type NDArray,
  type TrainingOptions,
  zeros,
} from "../src/index.ts";
import { adam, momentum } from "../src/optimizers.ts";
import { AT_ONCE, disturb, expectSameHistory, turn } from "./async-cases.ts";
import { dtypes } from "./compare.ts";
import { inOrder, orders, samples } from "./fixtures.ts";
import { builds, expectSameParameters, held, type Model, models, useBuild } from "./model-state.ts";

// Features and samples beyond one vector, one block of the kernel and one chunk.
const data = samples(37, 2100);
const trainings: TrainingOptions[] = [
  {},
  { l2: 2, seed: 5 },
  { tolerance: 0.02, epochs: 50 },
  { batchSize: 256, l2: 0.5, seed: 7 },
  { batchSize: 256, shuffle: false },
  { optimizer: momentum(), l2: 2, seed: 5 },
  { optimizer: adam(), seed: 5 },
  { optimizer: momentum({ momentum: 0.5 }), batchSize: 256, seed: 7 },
  { optimizer: adam({ beta1: 0.5 }), batchSize: 256, l2: 0.5, seed: 7 },
  { batchSize: 2100, shuffle: false, tolerance: 0.02, epochs: 50 },
];

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(models)("fitAsync of $name", ({ make }) => {
    const cases = dtypes.flatMap((dtype) => trainings.map((training) => ({ dtype, ...training })));

    test.each(cases)("with %j is fit to the bit, X in either memory order", async (options) => {
      for (const order of orders) {
        const x = inOrder(data.X, order, options.dtype);
        const y = array(data.Y, { dtype: options.dtype });
        using plain = make({ epochs: 4, ...options });
        const history = plain.fit(x, y);
        for (const sliceMs of [8, AT_ONCE]) {
          using model = make({ epochs: 4, ...options });
          expectSameHistory(await model.fitAsync(x, y, { sliceMs }), history);
          expectSameParameters(model, plain, order);
        }
        for (const a of [x, y]) a.free();
      }
    });

    test("goes on with warmStart where the last fit, of either kind, ended", async () => {
      const options = { epochs: 3, warmStart: true, batchSize: 300 };
      using plain = make(options);
      using model = make(options);
      for (const sync of [false, false, true, false]) {
        const history = plain.fit(data.X, data.Y);
        expectSameHistory(
          sync ? model.fit(data.X, data.Y) : await model.fitAsync(data.X, data.Y, { sliceMs: AT_ONCE }),
          history,
        );
        expectSameParameters(model, plain, sync ? "sync" : "async");
      }
    });
  });
});

describe.each(models)("fitAsync of $name", ({ make }) => {
  const cases = [{}, { batchSize: 500 }, { batchSize: 500, shuffle: false }];

  test.each(cases)("is undisturbed by other work in every breath, with %j", async (options) => {
    using plain = make({ epochs: 8, ...options });
    const history = plain.fit(data.X, data.Y);
    using model = make({ epochs: 8, ...options });
    const others = disturb();
    expectSameHistory(await model.fitAsync(data.X, data.Y, { sliceMs: AT_ONCE }), history);
    others.stop();
    expect(others.turns()).toBeGreaterThan(3);
    expectSameParameters(model, plain, "disturbed");
  });

  test.each(cases)("is undisturbed by memory that grows in every epoch, with %j", async (options) => {
    using plain = make({ epochs: 6, ...options });
    const history = plain.fit(data.X, data.Y);
    using model = make({ epochs: 6, ...options });
    const growth: NDArray[] = [];
    const totals = new Set<number>();
    const onEpoch = () => {
      const { total } = info().memory;
      while (info().memory.total === total) growth.push(zeros(400_000));
      totals.add(info().memory.total);
    };
    const found = await model.fitAsync(data.X, data.Y, { sliceMs: AT_ONCE, progressMs: 0, onEpoch });
    expect(totals.size).toBe(6);
    expectSameHistory(found, history);
    expectSameParameters(model, plain, "grown");
    for (const a of growth) a.free();
  });

  test.each(cases)(
    "writes nothing where others have made arrays since its scratch has moved, with %j",
    async (options) => {
      const { build } = info();
      // A build that is not the present one begins with an empty memory.
      useBuild(build === "simd" ? "relaxed" : "simd");
      using model = make({ epochs: 4, ...options });
      const fit = model.fitAsync(data.X, data.Y, { sliceMs: AT_ONCE });
      for (let i = 0; i < 4; i++) await turn();
      const [a, b] = [zeros([300, 300]), zeros([300, 300])];
      const { scratch } = info().memory;
      const made = [a, b, matmul(a, b)];
      expect(info().memory.scratch).toBeGreaterThan(scratch);
      const { total } = info().memory;
      while (info().memory.total === total) made.push(zeros(100));
      await fit;
      expect(made.findIndex((array) => max(array) !== 0 || min(array) !== 0)).toBe(-1);
      for (const array of made) array.free();
      useBuild(build);
    },
  );

  test("is undisturbed by memory that grows while the model takes what was learned", async () => {
    const wide = samples(2000, 4);
    const { build } = info();
    // A build that is not the present one begins with a small memory.
    useBuild(build === "simd" ? "relaxed" : "simd");
    using plain = make({ epochs: 1 });
    plain.fit(wide.X, wide.Y);
    // As models pile up, it is the copy of what was learned that fills the memory.
    const made: Model[] = [];
    const { total } = info().memory;
    while (info().memory.total < 4 * total) {
      const model = make({ epochs: 1 });
      await model.fitAsync(wide.X, wide.Y);
      expectSameParameters(model, plain, `model ${made.push(model)}`);
    }
    for (const model of made) model.free();
    useBuild(build);
  });

  test("of two models at once is right for both, on the same arrays and on others", async () => {
    const [x, y] = [array(data.X), array(data.Y)];
    const other = samples(5, 3000);
    const jobs: [TrainingOptions, never, never][] = [
      [{ epochs: 5 }, x as never, y as never],
      [{ epochs: 5, batchSize: 400, seed: 2 }, x as never, y as never],
      [{ epochs: 9, l2: 1, dtype: "f64" }, other.X as never, other.Y as never],
    ];
    const before = held();
    const together: Model[] = jobs.map(([options]) => make(options));
    const histories = await Promise.all(
      jobs.map(([, X, Y], i) => together[i]!.fitAsync(X, Y, { sliceMs: AT_ONCE })),
    );
    jobs.forEach(([options, X, Y], i) => {
      using alone = make(options);
      expectSameHistory(histories[i]!, alone.fit(X, Y));
      expectSameParameters(together[i]!, alone, `model ${i}`);
    });
    for (const model of together) model.free();
    expect(held()).toEqual(before);
    for (const a of [x, y]) a.free();
  });

  test("is undisturbed by another build that is chosen meanwhile", async () => {
    const [x, y] = [array(data.X), array(data.Y)];
    using plain = make({ epochs: 4 });
    using model = make({ epochs: 4 });
    const history = plain.fit(x, y);
    const fit = model.fitAsync(x, y, { sliceMs: AT_ONCE });
    await turn();
    configure({ build: info().build === "simd" ? "relaxed" : "simd" });
    expectSameHistory(await fit, history);
    expectSameParameters(model, plain, "another build");
    configure({ build: undefined });
  });

  test("says that it ran in slices, and why", async () => {
    using model = make({ epochs: 2 });
    const { execution } = await model.fitAsync(data.X, data.Y);
    expect(execution).toEqual({ mode: "slices", threads: 1, reason: "threads were not asked for" });
    expect(model.fit(data.X, data.Y).execution).toEqual({
      mode: "call",
      threads: 1,
      reason: "fit runs until it returns",
    });
  });

  test.each([
    [{}, 2, "too small to gain from threads"],
    [{ batchSize: 100 }, 2, "too small for a worker"],
    [{}, 1, "too small for a worker"],
  ])("with %j and %i threads runs in slices where the work is too small", async (options, threads, reason) => {
    using plain = make({ epochs: 2, ...options });
    using model = make({ epochs: 2, ...options });
    const history = await model.fitAsync(data.X, data.Y, { threads });
    expect(history.execution).toEqual({ mode: "slices", threads: 1, reason });
    expect(info().threads.workers).toBe(0);
    expectSameHistory(history, plain.fit(data.X, data.Y));
    expectSameParameters(model, plain, "too small");
  });

  test("leaves one array of parameters, and gives back what it used", async () => {
    const before = held();
    const model = make({ epochs: 3, batchSize: 500 });
    await model.fitAsync(data.X, data.Y, { sliceMs: AT_ONCE });
    expect(held().arrays).toBe(before.arrays + 1);
    model.free();
    expect(held()).toEqual(before);
  });

  test("refuses bad samples as fit does, and stays what it was", async () => {
    using model = make({ epochs: 3 });
    const { name } = model.constructor;
    const bad = [
      [
        [[1, 2, 3]],
        [[0, 1]],
        `${name}.fitAsync: X is (1, 3) and Y is (1, 2); expected Y to be (1, 3), a label for each column of X.`,
      ],
      [
        [[1, Number.NaN]],
        [[0, 1]],
        `${name}.fitAsync: X[0, 1] is NaN; expected finite numbers. Remove that sample, or put a value in its place.`,
      ],
      [[[1, 2]], [[0, 2]], `${name}.fitAsync: Y[0, 1] is 2; expected labels 0 or 1.`],
    ] as const;
    const before = held();
    for (const [X, Y, message] of bad) {
      await expect(model.fitAsync(X, Y)).rejects.toThrow(new RangeError(message));
      expect(held()).toEqual(before);
      expect(() => model.predict([[1]])).toThrow("has no parameters yet");
    }
  });

  test("that diverges is rejected like fit throws, and leaves what was learned before", async () => {
    using model = make({ epochs: 50, warmStart: true });
    model.fit(data.X, data.Y);
    using plain = make({ epochs: 50 });
    plain.fit(data.X, data.Y);
    const before = held();
    const wild = make({ epochs: 50, learningRate: 1e300 });
    await expect(wild.fitAsync(data.X, data.Y)).rejects.toThrow(
      /^\w+\.fitAsync: (the cost|a parameter) is .* after epoch \d+ with learningRate 1e\+300; expected /,
    );
    expect(held()).toEqual(before);
    expect(() => wild.parameters).toThrow("has no parameters yet");
    expectSameParameters(model, plain, "untouched");
  });
});
