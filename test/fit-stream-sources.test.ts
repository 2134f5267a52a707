/** Sources of a stream that are wrong, fail, end too soon or never: what is said, what is closed, what stays. */
import { describe, expect, test } from "vitest";
import { array, type Batch, type FitStreamOptions, type Source } from "../src/index.ts";
import { AT_ONCE, expectRejection, rejectionOf, turn } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { wrong } from "./error-rows.ts";
import { samples } from "./fixtures.ts";
import { expectSameParameters, held, type Kind, type Model, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 40);
const batch: Batch = [X, Y];
const other = samples(5, 40);
const f64 = array(X, { dtype: "f64" });

/** An iterator that knows how often it was closed. */
function watched(next: (i: number) => unknown, over = Number.POSITIVE_INFINITY) {
  let closed = 0;
  const source = (): AsyncIterable<Batch> => {
    let i = 0;
    return {
      [Symbol.asyncIterator]: () => ({
        async next() {
          if (i === over) return { done: true, value: undefined };
          return { done: false, value: (await next(i++)) as Batch };
        },
        async return() {
          closed++;
          return { done: true, value: undefined };
        },
      }),
    };
  };
  return { source, closed: () => closed };
}

const pair = "expected [X, Y] or [X, Y, sampleWeight].";
const sourceIs = (what: string) => `source() is ${what}; expected an iterable or async iterable of [X, Y].`;
function* batches(): Generator<Batch> {
  yield batch;
}

/** Each with what makes its source. */
const rows: [what: string, make: () => unknown, kind: Kind, message: string][] = [
  ["no source", () => undefined, TypeError, "source is undefined; expected a function."],
  ["batches in place of a source", () => [batch], TypeError, "source is an array of 1; expected a function."],
  ["a source of nothing", () => () => undefined, TypeError, sourceIs("undefined")],
  ["a source of text", () => () => "batches", TypeError, sourceIs('"batches"')],
  ["a source of a promise", () => async () => [batch], TypeError, sourceIs("an object (Promise)")],
  [
    "a source that gives nothing",
    () => () => [],
    RangeError,
    "source() gave no batch in epoch 1; expected at least one [X, Y].",
  ],
  [
    "the same iterator in each epoch",
    () => {
      const exhausted = batches();
      return () => exhausted;
    },
    RangeError,
    "source() gave no batch in epoch 2; expected at least one [X, Y]. source must begin anew each time it is called.",
  ],
  ["a batch that is one row of X", () => () => [X[0]], TypeError, `a batch is an array of 40; ${pair}`],
  ["a batch that is an object", () => () => [{ X, Y }], TypeError, `a batch is an object (Object); ${pair}`],
  ["a batch that is missing", () => () => [batch, undefined], TypeError, `a batch is undefined; ${pair}`],
  [
    "samples in rows",
    () => () => [[X[0]!.map((_, j) => X.map((row) => row[j]!)), Y]],
    RangeError,
    "X is (40, 3) and Y is (1, 40); expected samples as columns. X.T is (3, 40) and costs nothing.",
  ],
  [
    "other features midway",
    () => () => [batch, [other.X, other.Y]],
    RangeError,
    "X is (5, 40); expected 3 features, as the model has, samples as columns.",
  ],
  [
    "another dtype midway",
    () => () => [batch, [f64, Y]],
    TypeError,
    'X is f64 and the model is f32; expected one dtype. astype("f32") converts X.',
  ],
  [
    "NaN midway",
    () => () => [batch, [[[Number.NaN], [1], [2]], [[1]]]],
    RangeError,
    "X[0, 0] is NaN; expected finite numbers. Remove that sample, or put a value in its place.",
  ],
  [
    "other labels midway",
    () => () => [batch, [[[1], [1], [2]], [[3]]]],
    RangeError,
    "Y[0, 0] is 3; expected labels 0 or 1.",
  ],
  ["text midway", () => () => [batch, [[["a"]], [[1]]]], TypeError, 'X[0][0] is "a"; expected a number.'],
];

describe.each(models)("fitStream of $name", ({ name, make }) => {
  function fitted(): { model: Model; learned: number[] } {
    const model = make({ epochs: 3 });
    model.fit(X, Y);
    return { model, learned: parametersOf(model) };
  }

  test.each(rows)(
    "refuses %s, and the model and the memory are as before",
    async (_, makeSource, kind, message) => {
      const { model, learned } = fitted();
      const never = make({ epochs: 3 });
      for (const one of [model, never]) {
        await expectRejection(() => one.fitStream(wrong(makeSource())), kind, `${name}.fitStream: ${message}`);
      }
      expectSame(parametersOf(model), learned, "parameters");
      expect(() => never.parameters).toThrow("has no parameters yet");
      model.free();
    },
  );

  const failure = new Error("the disk is gone");
  const fail = (): never => {
    throw failure;
  };
  const failing: [string, Source][] = [
    ["at once", fail],
    [
      "in its iterator",
      () => ({
        [Symbol.iterator]: fail,
      }),
    ],
    ["in its first next()", () => ({ [Symbol.iterator]: () => ({ next: fail }) })],
    [
      "in a generator midway",
      function* () {
        yield batch;
        fail();
      },
    ],
    [
      "in an async generator midway",
      async function* () {
        yield batch;
        await turn();
        fail();
      },
    ],
  ];

  test.each(failing)(
    "is rejected with what source throws %s, and the model and the memory are as before",
    async (_, source) => {
      const { model, learned } = fitted();
      const before = held();
      for (const options of [{}, { signal: new AbortController().signal, onAbort: "keep" }] as FitStreamOptions[]) {
        expect(await rejectionOf(model.fitStream(source, options))).toBe(failure);
        expectSame(parametersOf(model), learned, "parameters");
        expect(held()).toEqual(before);
      }
      model.free();
    },
  );

  test("closes the source where a batch is wrong, once", async () => {
    using model = make({ epochs: 3 });
    const { source, closed } = watched((i) => (i < 2 ? batch : undefined));
    await rejectionOf(model.fitStream(source));
    expect(closed()).toBe(1);
  });

  test("closes no source that ended or failed by itself", async () => {
    using model = make({ epochs: 3 });
    const whole = watched(() => batch, 2);
    await model.fitStream(whole.source);
    expect(whole.closed()).toBe(0);
    const broken = watched((i) => (i < 2 ? batch : Promise.reject(failure)));
    expect(await rejectionOf(model.fitStream(broken.source))).toBe(failure);
    expect(broken.closed()).toBe(0);
  });

  test("closes a generator's files: its finally runs", async () => {
    const log: string[] = [];
    function* source(): Generator<Batch> {
      try {
        yield batch;
        yield wrong("no batch");
      } finally {
        log.push("closed");
      }
    }
    using model = make();
    await rejectionOf(model.fitStream(source));
    expect(log).toEqual(["closed"]);
  });

  test("an error in closing does not hide why it was closed", async () => {
    using model = make();
    const source = () => ({ [Symbol.iterator]: () => ({ next: () => ({ value: wrong(7) }), return: fail }) });
    const error = (await rejectionOf(model.fitStream(source))) as Error;
    expect(error.message).toBe(`${name}.fitStream: a batch is 7; expected [X, Y] or [X, Y, sampleWeight].`);
    await turn();
  });

  test.each(["keep", "restore"] as const)(
    "an abort settles it while source hangs, and closes source, with %s",
    async (onAbort) => {
      const { model, learned } = fitted();
      const before = held();
      for (const hangsIn of [0, 1, 4]) {
        const controller = new AbortController();
        let hanging: (() => void) | undefined;
        const hangs = new Promise<void>((resolve) => {
          hanging = resolve;
        });
        let asked = 0;
        const { source, closed } = watched(() => {
          if (asked++ < hangsIn) return batch;
          hanging!();
          return new Promise(() => {});
        }, 2);
        const fit = model.fitStream(source, { signal: controller.signal, onAbort });
        await hangs;
        expect(() => model.fit(X, Y)).toThrow("is being trained by fitStream");
        controller.abort(failure);
        expect(await rejectionOf(fit)).toBe(failure);
        expect(closed()).toBe(1);
        if (onAbort === "keep" && hangsIn === 4) {
          using same = make({ epochs: 2 });
          await same.fitStream(() => [batch, batch]);
          expectSameParameters(model, same, "after two epochs");
        } else expectSame(parametersOf(model), learned, "restored");
        expect(held()).toEqual(before);
      }
      model.free();
    },
  );

  test("asks no source for anything where it was aborted before", async () => {
    using model = make();
    const signal = AbortSignal.abort(failure);
    expect(await rejectionOf(model.fitStream(() => expect.unreachable(), { signal }))).toBe(failure);
  });

  test("an abort between two batches is heard before the next is asked for", async () => {
    const controller = new AbortController();
    let asked = 0;
    const { source, closed } = watched(() => {
      if (++asked === 3) controller.abort(failure);
      return batch;
    });
    using model = make();
    expect(await rejectionOf(model.fitStream(source, { signal: controller.signal, sliceMs: AT_ONCE }))).toBe(
      failure,
    );
    expect([asked, closed()]).toEqual([3, 1]);
  });

  test("that diverges says in which epoch, and the model is as before", async () => {
    const { model, learned } = fitted();
    const wild = make({ epochs: 30, learningRate: 1e300, dtype: "f32", warmStart: true });
    const before = held();
    const error = (await rejectionOf(wild.fitStream(() => [batch, batch]))) as Error;
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toMatch(
      /^\w+\.fitStream: (the cost is (NaN|Infinity) in|a parameter is \S+ after) epoch 1 with learningRate 1e\+300; expected (a finite cost|finite parameters)\. Try learningRate 1e\+299, or standardise X with StandardScaler\.$/,
    );
    expect(held()).toEqual(before);
    expectSame(parametersOf(model), learned, "parameters");
    model.free();
  });
});
