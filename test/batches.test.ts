import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShuffledBatches } from "../src/batches.ts";
import { Dataset } from "../src/dataset.ts";
import { array, LogisticRegression, type TrainingOptions } from "../src/index.ts";
import { expectSame } from "./compare.ts";
import { inOrder, orders, samples } from "./fixtures.ts";
import { elements, expectSameParameters, held, models, parametersOf, rowsOf } from "./model-state.ts";

/** Sample j is (j, j + ½, −j) with the label j mod 2 and the weight j/4. */
function numbered(m: number, order: "rows" | "columns", dtype: "f32" | "f64" = "f32"): Dataset {
  const all = Array.from({ length: m }, (_, j) => j);
  const X = [all, all.map((j) => j + 0.5), all.map((j) => -j)];
  const rows = (of: (j: number) => number) => array([all.map(of)], { dtype });
  return new Dataset(
    inOrder(X, order, dtype),
    rows((j) => j % 2),
    rows((j) => j / 4),
  );
}

/** All batches of an epoch: the numbers of their samples, once each feature, label and weight is seen to belong to it. */
function epochOf(batches: ShuffledBatches, epoch: number, m: number, size: number): number[][] {
  batches.shuffle(epoch);
  const result: number[][] = [];
  for (let start = 0; start < m; start += size) {
    const { X, Y, S } = batches.take(start, Math.min(size, m - start));
    const [first, second, third] = rowsOf(X);
    expectSame(
      second!,
      first!.map((j) => j + 0.5),
      "second feature",
    );
    expectSame(
      third!,
      first!.map((j) => -j),
      "third feature",
    );
    expectSame(
      elements(Y),
      first!.map((j) => j % 2),
      "labels",
    );
    expectSame(
      elements(S!),
      first!.map((j) => j / 4),
      "weights",
    );
    result.push(first!);
  }
  return result;
}

describe.each(orders)("ShuffledBatches of X, %s after each other,", (order) => {
  test("use each sample exactly once an epoch, whole and with its label, the last smaller batch included", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(2 ** 40),
        (m, size, seed) => {
          fc.pre(size <= m);
          const batches = new ShuffledBatches(numbered(m, order), size, seed, "test", "test");
          const epoch = epochOf(batches, 1, m, size);
          batches.release();
          expect(epoch.map((batch) => batch.length)).toEqual([
            ...Array(Math.floor(m / size)).fill(size),
            ...(m % size ? [m % size] : []),
          ]);
          expect(epoch.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: m }, (_, j) => j));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("shuffle anew every epoch, by the seed and the epoch alone", () => {
    const make = (seed: number) => new ShuffledBatches(numbered(50, order), 7, seed, "test", "test");
    const [a, b, other] = [make(3), make(3), make(4)];
    const orderOf = (batches: ShuffledBatches, epoch: number) => epochOf(batches, epoch, 50, 7).join();
    const epochs = [1, 2, 3, 4].map((epoch) => orderOf(a, epoch));
    expect(new Set(epochs).size).toBe(4);
    expect([4, 3, 2, 1].map((epoch) => orderOf(b, epoch)).reverse()).toEqual(epochs);
    expect(orderOf(other, 1)).not.toBe(epochs[0]);
    for (const batches of [a, b, other]) batches.release();
  });

  test("leave the data alone, and give their memory back", () => {
    const data = numbered(50, order);
    const [x, y] = [elements(data.X), elements(data.Y)];
    const before = held();
    const batches = new ShuffledBatches(data, 8, 1, "test", "test");
    epochOf(batches, 1, 50, 8);
    expect(held().used).toBeGreaterThan(before.used);
    batches.release();
    expect(held()).toEqual(before);
    expectSame(elements(data.X), x, "X");
    expectSame(elements(data.Y), y, "Y");
  });
});

test("orders are evenly spread: sample 0 comes to every place about as often", () => {
  const batches = new ShuffledBatches(numbered(10, "rows"), 10, 1, "test", "test");
  const places = Array(10).fill(0);
  for (let epoch = 1; epoch <= 2000; epoch++) places[epochOf(batches, epoch, 10, 10)[0]!.indexOf(0)]++;
  batches.release();
  // 200 expected, standard deviation 13.4: five of them.
  for (const count of places) expect(Math.abs(count - 200)).toBeLessThan(67);
});

describe.each(models)("mini-batches of $name", ({ make }) => {
  const { X, Y } = samples(4, 41);
  const fitted = (options: TrainingOptions) => {
    const model = make({ epochs: 3, dtype: "f64", ...options });
    const { cost } = model.fit(X, Y);
    return { model, cost };
  };

  test("of all samples in order are the full batch to the bit; costs come one epoch later", () => {
    const full = fitted({});
    const one = fitted({ batchSize: 41, shuffle: false });
    expectSameParameters(full.model, one.model, "parameters");
    expectSame(one.cost, [full.cost[0]!, ...full.cost.slice(0, 3)], "cost");
  });

  test("of one sample step once a sample: with shuffle false, a loop over the samples, to the bit", () => {
    const single = fitted({ batchSize: 1, shuffle: false });
    const hand = make({ dtype: "f64" }).initialize(4);
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let j = 0; j < 41; j++) {
        hand.accumulate(
          X.map((row) => [row[j]!]),
          [[Y[0]![j]!]],
        );
        hand.step();
      }
    }
    expectSameParameters(single.model, hand, "parameters");
    expect(single.cost.at(-1)).toBeLessThan(single.cost[0]!);
  });

  test("differ between epochs and from the unshuffled ones, but not without batchSize", () => {
    expect(parametersOf(fitted({ batchSize: 5 }).model)).not.toEqual(
      parametersOf(fitted({ batchSize: 5, shuffle: false }).model),
    );
    expectSameParameters(fitted({}).model, fitted({ shuffle: false }).model, "full batch");
  });

  test("of every size learn", () => {
    for (const batchSize of [1, 2, 40, 41]) {
      const { model, cost } = fitted({ batchSize, epochs: 60, learningRate: 0.3 });
      expect(model.score(X, Y), `batchSize ${batchSize}`).toBeGreaterThan(0.75);
      expect(cost.at(-1)).toBeLessThan(cost[0]!);
    }
  });
});

test("fit takes the epoch's order from the seed: LogisticRegression is the hand loop over it, to the bit", () => {
  const { X, Y } = samples(2, 30);
  const data = new Dataset(array(X, { dtype: "f64" }), array(Y, { dtype: "f64" }));
  using model = new LogisticRegression({ epochs: 4, batchSize: 4, seed: 9 });
  model.fit(data.X, data.Y);
  using hand = new LogisticRegression({ dtype: "f64" }).initialize(2);
  const batches = new ShuffledBatches(data, 4, 9, "test", "test");
  for (let epoch = 1; epoch <= 4; epoch++) {
    batches.shuffle(epoch);
    for (let start = 0; start < 30; start += 4) {
      const { X: x, Y: y } = batches.take(start, Math.min(4, 30 - start));
      hand.accumulate(x, y);
      hand.step();
    }
  }
  batches.release();
  expectSameParameters(model, hand, "parameters");
});
