/** Momentum and Adam: PyTorch's parameters, what they keep from step to step, and how long. */
import { beforeAll, describe, expect, test } from "vitest";
import { array, LogisticRegression, type TrainingOptions, TwoLayerNetwork } from "../src/index.ts";
import { adam, momentum } from "../src/optimizers.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { breastCancer, flower, golden, samples } from "./fixtures.ts";
import {
  builds,
  copyParameters,
  expectSameParameters,
  expectUntouched,
  held,
  type Model,
  models,
  parametersOf,
  useBuild,
} from "./model-state.ts";
import type { Network } from "./twin.ts";

/** Options as the fixtures' script writes them, the optimizer's among them. */
type Written = Record<string, unknown> & { optimizer: keyof typeof makers };

interface Trained {
  model: string;
  options: Written;
  parameters: number[];
  /** Every 50 steps. */
  cost: number[];
}

const makers = { momentum, adam };
const { start, cases } = golden<{ start: Network; cases: Trained[] }>("optimizers");
const optimizers = [momentum(), adam()];
const { X, Y } = samples(5, 300);

function optionsOf({ optimizer, ...others }: Written): TrainingOptions {
  const names = Object.keys(makers[optimizer]().options);
  const part = (own: boolean) => Object.entries(others).filter(([name]) => names.includes(name) === own);
  return { ...Object.fromEntries(part(false)), optimizer: makers[optimizer](Object.fromEntries(part(true))) };
}

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  test.each(cases)("$model with $options has PyTorch's parameters and costs to 1e-12", (trained) => {
    const { model: name, options, parameters, cost } = trained;
    const logistic = name === "LogisticRegression";
    const data = logistic ? breastCancer() : flower();
    using model = logistic
      ? new LogisticRegression({ ...optionsOf(options), dtype: "f64" })
      : new TwoLayerNetwork({ ...optionsOf(options), hidden: 5, initialization: start, dtype: "f64" });
    const history = model.fit(data.X, data.Y);
    const found = [...parametersOf(model), ...history.cost.filter((_, epoch) => epoch % 50 === 0)];
    const wanted = [...parameters, ...cost];
    expectWithin(
      found,
      wanted,
      wanted.map((value) => 1e-12 * Math.max(1, Math.abs(value))),
      "parameters, cost",
    );
  });
});

test("the fixtures are of trainings that went somewhere", () => {
  for (const { cost } of cases) expect(cost.at(-1)).toBeLessThan(cost[0]! - 0.1);
});

describe.each(models)("$name", ({ name, make }) => {
  test.each(optimizers)("$name: fit is the three verbs, whose state lasts from step to step", (optimizer) => {
    const options = { optimizer, learningRate: 0.03, l2: 2, epochs: 7, dtype: "f64" } as const;
    using fitted = make(options);
    const { cost } = fitted.fit(X, Y);
    using hand = make(options).initialize(5);
    const costs = Array.from({ length: 7 }, () => {
      hand.accumulate(X, Y);
      return hand.step();
    });
    expectSameParameters(hand, fitted, "verbs");
    expectSame(costs, cost.slice(0, 7), "costs");
  });

  test.each(optimizers)("$name: fitStream is the three verbs", async (optimizer) => {
    const options = { optimizer, epochs: 3, dtype: "f64" } as const;
    const batches = [0, 100, 200].map((from) =>
      [X, Y].map((rows) => rows.map((row) => row.slice(from, from + 100))),
    );
    using streamed = make(options);
    await streamed.fitStream(() => batches.map(([x, y]) => [x!, y!] as const));
    using hand = make(options).initialize(5);
    for (let epoch = 0; epoch < 3; epoch++) {
      for (const [x, y] of batches) {
        hand.accumulate(x!, y!);
        hand.step();
      }
    }
    expectSameParameters(streamed, hand, "stream");
  });

  test.each(optimizers)("$name: a fit and initialize end the state of the verbs", (optimizer) => {
    const options = { optimizer, dtype: "f64", epochs: 2, warmStart: true } as const;
    const stepped = (model: Model): Model => {
      model.accumulate(X, Y);
      model.step();
      return model;
    };
    using once = stepped(make(options).initialize(5));
    using twice = stepped(stepped(make(options).initialize(5)).initialize(5));
    expectSameParameters(twice, once, "initialize");
    // The same parameters with and without a state behind them.
    const bare = (): Model => {
      const model = make(options).initialize(5);
      copyParameters(stepped(make(options).initialize(5)), model);
      return model;
    };
    using other = stepped(bare());
    expect(parametersOf(stepped(once))).not.toEqual(parametersOf(other));
    using fitted = stepped(make(options).initialize(5));
    const history = fitted.fit(X, Y);
    using fresh = bare();
    expectSame(fresh.fit(X, Y).cost, history.cost, "fit");
    expectSameParameters(fresh, fitted, "fit");
  });

  test.each(optimizers)("$name: warmStart goes on from the parameters, with a state of zeros", (optimizer) => {
    const options = { optimizer, dtype: "f64", epochs: 4 } as const;
    using warm = make({ ...options, warmStart: true });
    warm.fit(X, Y);
    using fresh = make({ ...options, warmStart: true }).initialize(5);
    copyParameters(warm, fresh);
    warm.fit(X, Y);
    fresh.fit(X, Y);
    expectSameParameters(warm, fresh, "second fit");
  });

  test.each(optimizers)("$name: models with the same optimizer do not disturb each other", (optimizer) => {
    const options = { optimizer, dtype: "f64" } as const;
    const step = (model: Model): void => {
      model.accumulate(X, Y);
      model.step();
    };
    using alone = make(options).initialize(5);
    for (let i = 0; i < 4; i++) step(alone);
    using first = make(options).initialize(5);
    using second = make(options).initialize(5);
    step(first);
    for (let i = 0; i < 3; i++) {
      step(second);
      step(first);
    }
    step(second);
    expectSameParameters(first, alone, "first");
    expectSameParameters(second, alone, "second");
  });

  test("momentum 0 is gradient descent, and adam with betas of 0 steps by the gradient's sign", () => {
    const plain = make({ epochs: 20, dtype: "f64" });
    const still = make({ epochs: 20, dtype: "f64", optimizer: momentum({ momentum: 0 }) });
    expectSame(still.fit(X, Y).cost, plain.fit(X, Y).cost, "momentum 0");
    expectSameParameters(still, plain, "momentum 0");
    const signs = make({
      dtype: "f64",
      optimizer: adam({ beta1: 0, beta2: 0, epsilon: 1e-300 }),
      learningRate: 0.25,
    });
    signs.initialize(5);
    const before = parametersOf(signs);
    signs.accumulate(X, Y);
    signs.step();
    const moved = parametersOf(signs).map((p, i) => Math.abs(p - before[i]!));
    expectWithin(moved, Array(moved.length).fill(0.25), Array(moved.length).fill(1e-15), "steps");
    for (const model of [plain, still, signs]) model.free();
  });

  test.each(dtypes)("%s: in as many epochs both come further than gradient descent does", (dtype) => {
    const costOf = (options: TrainingOptions) => {
      using model = make({ epochs: 60, dtype, batchSize: 100, ...options });
      return model.fit(X, Y).cost.at(-1)!;
    };
    const plain = costOf({ learningRate: 0.02 });
    expect(costOf({ learningRate: 0.02, optimizer: momentum() })).toBeLessThan(plain - 0.01);
    expect(costOf({ learningRate: 0.02, optimizer: adam() })).toBeLessThan(plain - 0.01);
  });

  test("what they keep is one array, given back with the model, and after each fit", () => {
    const arraysOf = (options: TrainingOptions) => {
      const before = held();
      const model = make({ dtype: "f64", ...options }).initialize(5);
      model.accumulate(X, Y);
      model.step();
      const { arrays } = held();
      model.free();
      expect(held()).toEqual(before);
      return arrays - before.arrays;
    };
    expect([arraysOf({}), arraysOf({ optimizer: momentum() }), arraysOf({ optimizer: adam() })]).toEqual([2, 3, 3]);
    const before = held();
    const [x, y] = [array(X), array(Y)];
    using model = make({ optimizer: adam(), epochs: 5, batchSize: 30 });
    for (let i = 0; i < 3; i++) model.fit(x, y);
    x.free();
    y.free();
    expect(held().arrays).toBe(before.arrays + 1);
  });

  test.each(optimizers)("$name: a step that goes too far is told, and the model is what it was", (optimizer) => {
    using model = make({ optimizer, learningRate: 1e200, l2: 1, dtype: "f64", warmStart: true }).initialize(5);
    const message =
      `${name}.fit: the cost is Infinity after epoch 1 with learningRate 1e+200; expected a finite cost. ` +
      "Try learningRate 1e+199, or standardise X with StandardScaler.";
    expectUntouched(model, () => model.fit(X, Y), RangeError, message);
  });
});
