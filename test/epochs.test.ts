/** The loop over epochs: what it yields, what the model knows within it, every way to leave it. */
import { describe, expect, test } from "vitest";
import { handOver } from "../src/async/loop.ts";
import { array, type History, info, type Progress, type TrainingOptions } from "../src/index.ts";
import { AT_ONCE, expectSameHistory, rejectionOf, turn } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { elements, expectSameParameters, held, type Model, models, parametersOf } from "./model-state.ts";
import { quietUsage } from "./usage.ts";

const { X, Y } = samples(3, 60);
const options: TrainingOptions[] = [{}, { batchSize: 16, l2: 0.1 }, { batchSize: 16, shuffle: false }];

/** Reads an iterator to its end: what it yielded and returned. */
async function drained(
  iterator: AsyncGenerator<Progress, History, void>,
): Promise<{ yielded: Progress[]; history: History }> {
  const yielded: Progress[] = [];
  for (;;) {
    const next = await iterator.next();
    if (next.done) return { yielded, history: next.value };
    yielded.push(next.value);
  }
}

describe.each(models)("epochs of $name", ({ make }) => {
  /** Parameters after so many epochs of a plain fit. */
  function learnedIn(epochs: number, training: TrainingOptions = {}): number[] {
    using model = make({ ...training, epochs });
    model.fit(X, Y);
    return parametersOf(model);
  }

  test.each(options)("yields every epoch and returns the history of fit, with %j", async (training) => {
    using plain = make({ epochs: 9, ...training });
    const wanted = plain.fit(X, Y);
    for (const sliceMs of [8, AT_ONCE]) {
      using model = make({ epochs: 9, ...training });
      const { yielded, history } = await drained(model.epochs(X, Y, { sliceMs }));
      expectSameHistory(history, wanted);
      expectSameParameters(model, plain, "parameters");
      const each = wanted.cost.map((cost, epoch) => ({
        epoch,
        cost,
        elapsed: expect.any(Number),
        remaining: expect.any(Number),
      }));
      expect(yielded).toEqual(each.slice(1));
      expect(yielded.at(-1)!.remaining).toBe(0);
    }
  });

  test.each(options)(
    "the model has the parameters of each epoch while the body runs, with %j",
    async (training) => {
      for (const fitted of [false, true]) {
        using model = make({ epochs: 6, ...training });
        if (fitted) model.fit(X, Y);
        using twin = make({ epochs: 1, ...training });
        for await (const { epoch } of model.epochs(X, Y)) {
          expectSame(parametersOf(model), learnedIn(epoch, training), `epoch ${epoch}`);
          twin.fit(X, Y, { onEpoch: () => false });
          if (epoch === 1)
            expectSame(elements(model.predictProbability(X)), elements(twin.predictProbability(X)), "p");
          expect(model.score(X, Y)).toBeGreaterThanOrEqual(0);
          await turn();
        }
      }
    },
  );

  test("waits while the body runs", async () => {
    using model = make({ epochs: 5 });
    const iterator = model.epochs(X, Y, { sliceMs: AT_ONCE });
    await iterator.next();
    const learned = parametersOf(model);
    for (let i = 0; i < 50; i++) await turn();
    expectSame(parametersOf(model), learned, "parameters");
    expect((await iterator.next()).value).toMatchObject({ epoch: 2 });
    await iterator.return(undefined as never);
  });

  const body = new Error("in the body");
  const leavings: [string, (model: Model) => Promise<unknown>][] = [
    [
      "break",
      async (model) => {
        for await (const { epoch } of model.epochs(X, Y)) if (epoch === 4) break;
      },
    ],
    [
      "throw",
      async (model) => {
        const loop = async () => {
          for await (const { epoch } of model.epochs(X, Y)) if (epoch === 4) throw body;
        };
        expect(await rejectionOf(loop())).toBe(body);
      },
    ],
    [
      "return",
      async (model) => {
        const loop = async () => {
          for await (const { epoch } of model.epochs(X, Y)) if (epoch === 4) return "left";
          return "ended";
        };
        expect(await loop()).toBe("left");
      },
    ],
    [
      "iterator.return",
      async (model) => {
        const iterator = model.epochs(X, Y);
        for (let i = 0; i < 4; i++) await iterator.next();
        const result = { epochs: -1 } as History;
        expect(await iterator.return(result)).toEqual({ done: true, value: result });
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
      },
    ],
    [
      "iterator.throw",
      async (model) => {
        const iterator = model.epochs(X, Y);
        for (let i = 0; i < 4; i++) await iterator.next();
        expect(await rejectionOf(iterator.throw(body))).toBe(body);
      },
    ],
  ];

  test.each(leavings)("%s ends the training there, and everything else comes back", async (_, leave) => {
    for (const training of options) {
      const before = held();
      const model = make({ epochs: 1000, ...training });
      await leave(model);
      expectSame(parametersOf(model), learnedIn(4, training), "after 4 epochs");
      expect(held().arrays).toBe(before.arrays + 1);
      model.fit(X, Y, { onEpoch: () => false });
      model.free();
      expect(held()).toEqual(before);
    }
  });

  test("never started holds nothing, and keeps nobody from training", async () => {
    const before = held();
    const model = make({ epochs: 2 });
    const iterator = model.epochs(X, Y);
    expect(held()).toEqual(before);
    model.fit(X, Y);
    expect(await iterator.return(undefined as never)).toEqual({ done: true, value: undefined });
    model.free();
    expect(held()).toEqual(before);
  });

  test("started and dropped together with its model leaves nothing once it is collected", async () => {
    const [x, y] = [array(X), array(Y)];
    for (const training of options) {
      const before = await quietUsage();
      await (async () => {
        for (let i = 0; i < 5; i++) {
          const model = make({ epochs: 9, ...training });
          const iterator = model.epochs(i % 2 ? x : X, i % 2 ? y : Y, {
            earlyStopping: { validation: [X, Y] },
            signal: new AbortController().signal,
            onAbort: "keep",
          });
          await iterator.next();
          await iterator.next();
        }
      })();
      expect(await quietUsage()).toEqual(before);
    }
    for (const a of [x, y]) a.free();
  });

  test("rejects the first next() where the call was wrong, and nothing happened", async () => {
    const before = held();
    using model = make({ epochs: 2 });
    const { name } = model.constructor;
    const wrong: [() => AsyncGenerator<Progress, History, void>, string][] = [
      [
        () => model.epochs([[1, 2]], [[0]]),
        `${name}.epochs: X is (1, 2) and Y is (1, 1); expected samples as columns. X.T is (2, 1) and costs nothing.`,
      ],
      [
        () => model.epochs([[1, Number.NaN]], [[0, 1]]),
        `${name}.epochs: X[0, 1] is NaN; expected finite numbers. Remove that sample, or put a value in its place.`,
      ],
    ];
    for (const [make_, message] of wrong) {
      const iterator = make_();
      await expect(iterator.next()).rejects.toThrow(new RangeError(message));
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      expect(held()).toEqual(before);
    }
    expect(() => model.parameters).toThrow("has no parameters yet");
  });

  test.each([true, false])(
    "that diverges rejects next(), and the model is as before: fitted %s",
    async (fitted) => {
      const before = held();
      // The penalty multiplies the weights by -1e50 an epoch, so that the fourth cost is too large.
      const model = make({ epochs: 30, learningRate: 1e50, l2: 60, dtype: "f64" });
      if (fitted) model.initialize(4);
      const learned = fitted ? parametersOf(model) : [];
      const between = held();
      let bodies = 0;
      const loop = async () => {
        for await (const _ of model.epochs(X, Y)) bodies++;
      };
      const error = (await rejectionOf(loop())) as Error;
      expect(error.message).toMatch(
        /\.epochs: the cost is Infinity after epoch 4 with learningRate 1e\+50; expected /,
      );
      expect(bodies).toBe(3);
      if (fitted) expectSame(parametersOf(model), learned, "restored");
      else expect(() => model.parameters).toThrow("has no parameters yet");
      expect(held()).toEqual(between);
      model.free();
      expect(held()).toEqual(before);
    },
  );

  test("passes nothing to the constructor's onEpoch, the body hears in its place", async () => {
    using model = make({ epochs: 3, onEpoch: () => expect.unreachable() });
    expect((await drained(model.epochs(X, Y))).yielded).toHaveLength(3);
  });

  test("that is aborted in the body rejects next(), or is left quietly", async () => {
    using model = make({ epochs: 1000 });
    model.fit(X, Y, { onEpoch: () => false });
    const learned = parametersOf(model);
    const reason = new Error("enough");
    for (const leaves of [true, false]) {
      const controller = new AbortController();
      const loop = async () => {
        for await (const { epoch } of model.epochs(X, Y, { signal: controller.signal })) {
          if (epoch < 3) continue;
          const present = parametersOf(model);
          controller.abort(reason);
          await turn();
          expectSame(parametersOf(model), present, "until the body goes on");
          if (leaves) break;
        }
        return "left";
      };
      if (leaves) expect(await loop()).toBe("left");
      else expect(await rejectionOf(loop())).toBe(reason);
      expectSame(parametersOf(model), learned, "restored");
    }
  });

  test("gives the best epoch's parameters with early stopping, also where the loop is left", async () => {
    const earlyStopping = { validation: [samples(3, 30, 9).X, samples(3, 30, 9).Y], patience: 3 } as const;
    const training = { learningRate: 6, dtype: "f64" } as const;
    using plain = make({ epochs: 60, ...training });
    const wanted = plain.fit(X, Y, { earlyStopping });
    using model = make({ epochs: 60, ...training });
    const { yielded, history } = await drained(model.epochs(X, Y, { earlyStopping }));
    expectSameHistory(history, wanted);
    expectSameParameters(model, plain, "best");
    expectSame(
      yielded.map(({ validationCost }) => validationCost!),
      wanted.validationCost!.slice(1),
      "validation costs",
    );
  });

  test("of many loops that are left at once leaves the memory where the first one left it", async () => {
    const model = make({ epochs: 10, batchSize: 16 });
    const leave = async () => {
      for await (const { epoch } of model.epochs(X, Y)) if (epoch === 2) break;
    };
    await leave();
    const [before, { total }] = [held(), info().memory];
    for (let i = 0; i < 300; i++) await leave();
    expect(held()).toEqual(before);
    expect(info().memory.total).toBe(total);
    model.free();
  });
});

describe("a training elsewhere, of which a loop hears,", () => {
  const progress: Progress = { epoch: 1, cost: 1, elapsed: 1, remaining: 1 };
  const history = { cost: [1, 1] } as History;
  const reason = new Error("gone");

  test.each([
    ["fails", () => Promise.reject(reason)],
    ["ends", () => Promise.resolve(history)],
  ])("and that %s while the loop's body runs, ends the loop at the next step", async (_, end) => {
    let settle: (() => void) | undefined;
    const iterator = handOver(async (hear) => {
      hear(progress);
      await new Promise<void>((resolve) => {
        settle = resolve;
      });
      return end();
    });
    expect(await iterator.next()).toEqual({ done: false, value: progress });
    settle!();
    await turn();
    const last = iterator.next().catch((error: unknown) => error);
    expect([reason, { done: true, value: history }]).toContainEqual(await last);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("and that fails before the first epoch, rejects the first step", async () => {
    const iterator = handOver(() => Promise.reject(reason));
    expect(await rejectionOf(iterator.next())).toBe(reason);
  });
});
