/** Epochs, history, stopping, warm starts: what the models share. */
import { describe, expect, test, vi } from "vitest";
import { array, type Progress } from "../src/index.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import {
  copyParameters,
  expectRefusal,
  expectSameParameters,
  held,
  type Model,
  models,
  parametersOf,
  weightsOf,
} from "./model-state.ts";

const { X, Y } = samples(3, 40);

type Make = (typeof models)[number]["make"];

describe.each(models)("the history of $name.fit", ({ make }) => {
  test.each([{}, { batchSize: 7 }, { batchSize: 40 }])(
    "holds the first cost and one an epoch with %j",
    (options) => {
      using model = make({ epochs: 12, ...options });
      const { cost, epochs, stopped, warnings } = model.fit(X, Y);
      expect(cost).toHaveLength(13);
      expect({ epochs, stopped, warnings }).toEqual({ epochs: 12, stopped: "epochs", warnings: [] });
      expect(cost.at(-1)).toBeLessThan(cost[0]!);
    },
  );

  test("is J of all samples before the first update and after each epoch, to the bit what gradient says", () => {
    const [x, y] = [array(X, { dtype: "f64" }), array(Y, { dtype: "f64" })];
    using start = make({ l2: 2, dtype: "f64" }).initialize(3);
    const costs = [start.gradient(x, y).cost];
    for (const epochs of [1, 2, 3]) {
      using model = make({ l2: 2, epochs });
      const { cost } = model.fit(x, y);
      costs.push(model.gradient(x, y).cost);
      expectSame(cost, costs, `${epochs} epochs`);
    }
  });

  test("of mini-batches is the mean of the losses the steps saw, with the penalty after the epoch", () => {
    const l2 = 4;
    using model = make({ l2, epochs: 3, batchSize: 16, shuffle: false, dtype: "f64" });
    const { cost } = model.fit(X, Y);
    using twin = make({ l2, warmStart: true, epochs: 1, batchSize: 16, shuffle: false, dtype: "f64" }).initialize(
      3,
    );
    using bare = make({ dtype: "f64" }).initialize(3);
    expect(cost[0]).toBeCloseTo(twin.gradient(X, Y).cost, 14);
    for (let epoch = 1; epoch <= 3; epoch++) {
      let loss = 0;
      for (const [start, stop] of [
        [0, 16],
        [16, 32],
        [32, 40],
      ] as const) {
        const [x, y] = [X.map((row) => row.slice(start, stop)), Y.map((row) => row.slice(start, stop))];
        const { cost: batchCost } = bare.gradient(x, y);
        loss += batchCost * (stop - start);
        // One step on the batch with the penalty that fit takes: l2 over all m samples, not the batch's.
        const before = parametersOf(bare);
        advance(make, bare, x, y, (l2 * (stop - start)) / 40);
        expect(parametersOf(bare)).not.toEqual(before);
      }
      expect(cost[epoch]).toBeCloseTo(loss / 40 + (l2 / 80) * squaredWeights(bare), 12);
    }
  });
});

/** One update of a model by one batch, the penalty's strength given, through another of its kind. */
function advance(make: Make, model: Model, x: number[][], y: number[][], l2: number): void {
  using next = make({ l2, learningRate: 0.1, dtype: "f64" }).initialize(x.length);
  copyParameters(model, next);
  next.accumulate(x, y);
  next.step();
  copyParameters(next, model);
}

function squaredWeights(model: Model): number {
  return weightsOf(model).reduce((sum, w) => sum + w * w, 0);
}

describe.each(models)("$name.fit stops", ({ make }) => {
  test.each([{}, { batchSize: 9 }])(
    "when an epoch changes the cost by less than the tolerance, with %j",
    (options) => {
      using model = make({ epochs: 5000, tolerance: 1e-4, dtype: "f64", ...options });
      const { cost, epochs, stopped } = model.fit(X, Y);
      const changes = cost.slice(1).map((c, i) => Math.abs(c - cost[i]!));
      expect(stopped).toBe("tolerance");
      expect(epochs).toBeLessThan(5000);
      expect(cost).toHaveLength(epochs + 1);
      expect(changes.at(-1)).toBeLessThan(1e-4);
      expect(Math.min(...changes.slice(0, -1))).toBeGreaterThanOrEqual(1e-4);
      using same = make({ epochs, dtype: "f64", ...options });
      same.fit(X, Y);
      expectSameParameters(model, same, "parameters of the last epoch");
    },
  );

  test("not after the first epoch of mini-batches, which has seen the start itself", () => {
    using model = make({ epochs: 20, batchSize: 40, shuffle: false, tolerance: 1e-9, dtype: "f64" });
    const { cost, epochs } = model.fit(X, Y);
    expect(cost[1]).toBeCloseTo(cost[0]!, 15);
    expect(epochs).toBe(20);
  });

  test("never with tolerance 0, even when nothing changes any more", () => {
    using model = make({ epochs: 30, dtype: "f32", learningRate: 1e-30, batchSize: 40, shuffle: false });
    const { cost, epochs, stopped } = model.fit(X, Y);
    expect({ epochs, stopped }).toEqual({ epochs: 30, stopped: "epochs" });
    expect(new Set(cost).size).toBe(1);
  });

  test.each([{}, { batchSize: 9 }])(
    "when onEpoch returns false, keeping what was learned so far, with %j",
    (options) => {
      using model = make({ epochs: 100, onEpoch: ({ epoch }) => epoch < 7, dtype: "f64", ...options });
      const { cost, epochs, stopped } = model.fit(X, Y);
      expect({ length: cost.length, epochs, stopped }).toEqual({ length: 8, epochs: 7, stopped: "onEpoch" });
      using same = make({ epochs: 7, dtype: "f64", ...options });
      same.fit(X, Y);
      expectSameParameters(model, same, "after 7 epochs");
    },
  );

  test("at nothing else that onEpoch returns", () => {
    for (const answer of [undefined, null, 0, "", true]) {
      using model = make({ epochs: 3 });
      expect(model.fit(X, Y, { onEpoch: () => answer }).stopped).toBe("epochs");
    }
  });
});

describe.each(models)("onEpoch of $name", ({ make }) => {
  test("hears every epoch from 1 and its cost; fit's goes before the constructor's, which comes back", () => {
    const own = vi.fn((_: Progress) => undefined);
    const fits = vi.fn((_: Progress) => undefined);
    using model = make({ epochs: 4, onEpoch: own });
    const first = model.fit(X, Y, { onEpoch: fits });
    expect(own).not.toHaveBeenCalled();
    expect(fits.mock.calls.map(([progress]) => progress)).toEqual(
      first.cost
        .slice(1)
        .map((cost, i) => ({ epoch: i + 1, cost, elapsed: expect.any(Number), remaining: expect.any(Number) })),
    );
    model.fit(X, Y);
    expect(own).toHaveBeenCalledTimes(4);
    expect(fits).toHaveBeenCalledTimes(4);
  });

  test.each([{}, { batchSize: 9 }])("may throw: the model and the memory stay as they were, with %j", (options) => {
    using model = make({ epochs: 5, ...options });
    const interrupt = {
      onEpoch: () => {
        throw new Error("enough");
      },
    };
    expectRefusal(() => model.fit(X, Y, interrupt), Error, "enough");
    expect(() => model.parameters).toThrow(/has no parameters yet/);
    model.fit(X, Y);
    const learned = parametersOf(model);
    expectRefusal(() => model.fit(X, Y, interrupt), Error, "enough");
    expectSame(parametersOf(model), learned, "parameters");
  });

  test("may use the model, which is what it was before the fit, and other models", () => {
    using model = make({ epochs: 5, dtype: "f64" });
    model.fit(X, Y);
    const before = parametersOf(model);
    using other = make({ epochs: 2, seed: 5 });
    using quiet = make({ epochs: 5, dtype: "f64", batchSize: 9 });
    using busy = make({
      epochs: 5,
      dtype: "f64",
      batchSize: 9,
      onEpoch: () => {
        other.fit(samples(90, 200).X, samples(90, 200).Y);
        model.predict(X).free();
        expectSame(parametersOf(model), before, "during");
      },
    });
    quiet.fit(X, Y);
    busy.fit(X, Y);
    expectSameParameters(quiet, busy, "disturbed");
  });
});

describe.each(models)("warmStart of $name", ({ make }) => {
  test("goes on exactly: 50 and 50 epochs are 100, to the bit, parameters and costs", () => {
    for (const dtype of ["f32", "f64"] as const) {
      using once = make({ epochs: 100, l2: 0.5, dtype });
      using twice = make({ epochs: 50, l2: 0.5, dtype, warmStart: true });
      const { cost } = once.fit(X, Y);
      const halves = [twice.fit(X, Y).cost, twice.fit(X, Y).cost];
      expectSameParameters(once, twice, dtype);
      expectSame([...halves[0]!, ...halves[1]!.slice(1)], cost, "cost");
    }
  });

  test("false forgets: the second fit is the first again", () => {
    using model = make({ epochs: 20 });
    const [first, learned] = [model.fit(X, Y), parametersOf(model)];
    expect(model.fit(X, Y)).toEqual(first);
    expectSame(parametersOf(model), learned, "parameters");
  });

  test("starts anew after free", () => {
    using model = make({ epochs: 20, warmStart: true });
    const first = model.fit(X, Y);
    model.free();
    expect(model.fit(X, Y)).toEqual(first);
  });
});

describe.each(models)("labels of one class only, $name.fit", ({ make }) => {
  test.each([0, 1])("all %i: a warning in the history, not an error", (label) => {
    for (const dtype of ["f32", "f64"] as const) {
      using model = make({ epochs: 3, dtype });
      const { warnings, cost } = model.fit(X, [Array(40).fill(label)]);
      expect(warnings).toEqual([`All 40 labels are ${label}: the model can only learn to say ${label}.`]);
      expect(cost).toHaveLength(4);
    }
  });

  test("one sample of another class: no warning", () => {
    using model = make({ epochs: 1 });
    expect(model.fit(X, [[...Array(39).fill(1), 0]]).warnings).toEqual([]);
  });
});

describe.each(models)("$name.fit uses memory", ({ make }) => {
  test("while it runs: less than X takes, whose order in memory does not matter; afterwards: the parameters'", () => {
    for (const x of [array(samples(64, 500).X), array(samples(500, 64).X).T]) {
      const [n_x, m] = x.shape as [number, number];
      const y = array([Array.from({ length: m }, (_, j) => j % 2)]);
      using model = make({ epochs: 1 });
      const before = held();
      let during = 0;
      model.fit(x, y, {
        onEpoch: () => {
          during = held().used - before.used;
        },
      });
      expect(during).toBeGreaterThan(0);
      expect(during).toBeLessThan((n_x * m * 4) / 8);
      expect(held().arrays).toBe(before.arrays + 1);
      model.free();
      expect(held()).toEqual(before);
    }
  });
});
