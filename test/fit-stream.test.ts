/** fitStream: the same weights as fit, or as the three verbs, from batches in any form; one batch in memory. */
import { beforeAll, describe, expect, test } from "vitest";
import { type ArrayInput, array, type Batch, info, type Source, type TrainingOptions } from "../src/index.ts";
import { AT_ONCE, disturb, turn } from "./async-cases.ts";
import { dtypes, expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import {
  builds,
  expectSameParameters,
  held,
  type Model,
  models,
  parametersOf,
  useBuild,
  weightsOf,
} from "./model-state.ts";
import { quietUsage } from "./usage.ts";

const { X, Y } = samples(6, 5000);
// Two chunks, two chunks, a rest.
const bounds = [
  [0, 2300],
  [2300, 4600],
  [4600, 5000],
] as const;

function columns(rows: number[][], start: number, stop: number): number[][] {
  return rows.map((row) => row.slice(start, stop));
}

/** The samples in batches, made by `make` when they are asked for. */
function* inBatches(make: (rows: number[][]) => ArrayInput): Generator<Batch> {
  for (const [start, stop] of bounds) yield [make(columns(X, start, stop)), make(columns(Y, start, stop))];
}

const typed = (Elements: Float32ArrayConstructor | Float64ArrayConstructor) => (rows: number[][]) => ({
  data: new Elements(rows.flat()),
  shape: [rows.length, rows[0]!.length],
});

const sources: [string, (dtype: "f32" | "f64") => Source][] = [
  ["an array", (dtype) => () => [...inBatches((rows) => array(rows, { dtype }))]],
  ["a generator of nested arrays", () => () => inBatches((rows) => rows)],
  [
    "an async generator of typed arrays",
    (dtype) =>
      async function* () {
        for (const batch of inBatches(typed(dtype === "f32" ? Float32Array : Float64Array))) {
          await turn();
          yield batch;
        }
      },
  ],
  ["a set", (dtype) => () => new Set([...inBatches((rows) => array(rows, { dtype }))])],
  [
    "an iterable object",
    () => () => ({
      [Symbol.iterator]: () => inBatches((rows) => rows),
    }),
  ],
  [
    "an async iterator without return",
    () => () => {
      const inner = inBatches((rows) => rows);
      return { [Symbol.asyncIterator]: () => ({ next: async () => inner.next() as IteratorResult<Batch> }) };
    },
  ],
  [
    "views of X that are freed when the next is asked for",
    (dtype) =>
      function* () {
        for (const [x, y] of inBatches((rows) => array(rows, { dtype }))) {
          yield [x, y];
          for (const a of [x, y]) (a as ReturnType<typeof array>).free();
        }
      },
  ],
  [
    "arrays that are freed as soon as they are given",
    (dtype) =>
      function* () {
        for (const [x, y] of inBatches((rows) => array(rows, { dtype }))) {
          setImmediate(() => {
            for (const a of [x, y]) (a as ReturnType<typeof array>).free();
          });
          yield [x, y];
        }
      },
  ],
];

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(models)("fitStream of $name", ({ make }) => {
    test.each(dtypes)("%s: batches of an unshuffled fit give its weights and costs to the bit", async (dtype) => {
      using plain = make({ epochs: 3, batchSize: 2300, shuffle: false, dtype });
      const { cost } = plain.fit(X, Y);
      const before = await quietUsage();
      for (const [what, source] of sources) {
        using model = make({ epochs: 3, dtype });
        const history = await model.fitStream(source(dtype), { sliceMs: AT_ONCE });
        expectSameParameters(model, plain, what);
        expectSame(history.cost.slice(1), cost.slice(1), what);
        expect(history).toEqual({
          cost: history.cost,
          epochs: 3,
          stopped: "epochs",
          warnings: [],
          execution: { mode: "slices", threads: 1, reason: "threads were not asked for" },
        });
      }
      expect(await quietUsage()).toEqual(before);
    });

    test.each(dtypes)("%s: with l2 it is accumulate and step a batch, to the bit", async (dtype) => {
      const settings = { l2: 3, learningRate: 0.5, dtype };
      using model = make({ epochs: 2, ...settings });
      const { cost } = await model.fitStream(() => inBatches((rows) => rows));
      using hand = make(settings);
      const costs: number[] = [];
      for (let epoch = 0; epoch < 2; epoch++) {
        let loss = 0;
        for (const [x, y] of inBatches((rows) => rows)) {
          hand.accumulate(x, y);
          if (costs.length === 0) costs.push(hand.sums.cost / hand.sums.samples + penalty(hand, 3, 2300));
          loss += hand.sums.cost;
          hand.step();
        }
        costs.push(loss / 5000 + penalty(hand, 3, 5000));
      }
      expectSameParameters(model, hand, "parameters");
      cost.forEach((c, epoch) => {
        expect(c).toBeCloseTo(costs[epoch]!, dtype === "f32" ? 6 : 13);
      });
      expect(cost).toHaveLength(3);
    });
  });
});

/** l2/(2m)·‖weights‖². */
function penalty(model: Model, l2: number, m: number): number {
  return (l2 / (2 * m)) * weightsOf(model).reduce((sum, p) => sum + p * p, 0);
}

describe.each(models)("fitStream of $name", ({ make }) => {
  const small = samples(3, 40);
  const batch = [small.X, small.Y] as const;

  test("asks source anew each epoch, the model's epochs or as many as the option says", async () => {
    for (const [options, epochs] of [
      [{}, 4],
      [{ epochs: 2 }, 2],
    ] as const) {
      let asked = 0;
      using model = make({ epochs: 4 });
      const history = await model.fitStream(() => {
        asked++;
        return [batch];
      }, options);
      expect([asked, history.epochs, history.cost.length]).toEqual([epochs, epochs, epochs + 1]);
    }
  });

  test("heeds neither batchSize nor shuffle", async () => {
    using model = make({ epochs: 3, batchSize: 1000, shuffle: true });
    using same = make({ epochs: 3 });
    await model.fitStream(() => [batch]);
    await same.fitStream(() => [batch]);
    expectSameParameters(model, same, "batchSize");
  });

  test("starts with the cost of the first batch before the first step", async () => {
    using model = make({ epochs: 1, l2: 2, dtype: "f64" });
    using start = make({ l2: 2, dtype: "f64" }).initialize(3);
    const other = samples(3, 30, 8);
    const { cost } = await model.fitStream(() => [batch, [other.X, other.Y]]);
    expect(cost[0]).toBe(start.gradient(small.X, small.Y).cost);
  });

  test("goes on with warmStart, and starts anew without", async () => {
    const options: TrainingOptions = { epochs: 3, batchSize: 40, shuffle: false };
    using warm = make({ ...options, warmStart: true });
    using plain = make({ ...options, warmStart: true });
    for (let i = 0; i < 3; i++) {
      plain.fit(small.X, small.Y);
      await warm.fitStream(() => [batch]);
      expectSameParameters(warm, plain, "warm");
    }
    using cold = make(options);
    await cold.fitStream(() => [batch]);
    const first = parametersOf(cold);
    await cold.fitStream(() => [batch]);
    expectSame(parametersOf(cold), first, "cold");
  });

  test("takes the dtype of the first batch, to which plain data of later ones is converted", async () => {
    using model = make({ epochs: 1 });
    const [x, y] = [array(small.X, { dtype: "f64" }), array(small.Y, { dtype: "f64" })];
    await model.fitStream(() => [[x, y], batch]);
    expect(model.predict(small.X).dtype).toBe("f64");
  });

  test("ends where the tolerance says so, from the second epoch on", async () => {
    using model = make({ epochs: 5000, tolerance: 1e-3, learningRate: 1 });
    const { cost, epochs, stopped } = await model.fitStream(() => [batch]);
    const changes = cost.slice(2).map((c, i) => Math.abs(c - cost[i + 1]!));
    expect([stopped, cost.length]).toEqual(["tolerance", epochs + 1]);
    expect(epochs).toBeGreaterThan(2);
    expect(changes.at(-1)).toBeLessThan(1e-3);
    expect(Math.min(...changes.slice(0, -1))).toBeGreaterThanOrEqual(1e-3);
  });

  test("holds one batch and what it learns, however many there are", async () => {
    // What earlier tests dropped would be collected meanwhile.
    await quietUsage();
    const before = held();
    const model = make({ epochs: 1 });
    const peaks = new Set<string>();
    let totals: number[] = [];
    function* source(): Generator<Batch> {
      for (let i = 0; i < 3000; i++) {
        // Asked for the next, it holds the parameters, the gradient, and nothing of the last batch.
        peaks.add(JSON.stringify(held()));
        totals.push(info().memory.total);
        yield batch;
      }
    }
    await model.fitStream(source);
    totals = totals.slice(10);
    expect(peaks.size).toBe(2);
    expect(new Set(totals).size).toBe(1);
    expect(held().arrays).toBe(before.arrays + 1);
    model.free();
    expect(held()).toEqual(before);
  });

  test("keeps no batch alive that it has used, also while a pass goes on that can be aborted", async () => {
    const given: WeakRef<object>[] = [];
    let alive = -1;
    async function* source(): AsyncGenerator<Batch> {
      for (let i = 0; i < 60; i++) {
        const made = [small.X.map((row) => [...row]), small.Y] as const;
        given.push(new WeakRef(made));
        yield made;
        await turn();
      }
      for (let i = 0; i < 5; i++) {
        globalThis.gc!();
        await turn();
      }
      alive = given.filter((ref) => ref.deref()).length;
    }
    using model = make({ epochs: 1 });
    await model.fitStream(source, { signal: new AbortController().signal });
    expect(alive).toBeGreaterThanOrEqual(0);
    expect(alive).toBeLessThan(5);
  });

  test("is undisturbed by other work in every breath", async () => {
    using plain = make({ epochs: 4, batchSize: 2300, shuffle: false });
    plain.fit(X, Y);
    using model = make({ epochs: 4 });
    const others = disturb();
    await model.fitStream(() => inBatches((rows) => rows), { sliceMs: AT_ONCE });
    others.stop();
    expect(others.turns()).toBeGreaterThan(3);
    expectSameParameters(model, plain, "disturbed");
  });
});
