/** Fits in workers that cannot be: no memory there, costs that diverge, data that are wrong. */
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import {
  array,
  configure,
  info,
  LogisticRegression,
  matmulAsync,
  Random,
  TwoLayerNetwork,
  zeros,
} from "../../src/index.ts";
import { expectSame } from "../compare.ts";
import { samples } from "../fixtures.ts";
import { models, parametersOf } from "../model-state.ts";
import { quietUsage } from "../usage.ts";
import { chunked, expectNoWorkersLeft, expectSameFit, rejection, workers } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

const { X, Y } = chunked();

afterEach(() => {
  configure({ memoryLimit: 2 ** 32 });
  vi.unstubAllGlobals();
});
afterAll(expectNoWorkersLeft);

const OUT_OF_MEMORY =
  /: out of memory: \d+ bytes are needed and \d+ arrays hold \d+; expected at most (\d+) in all\. free\(\) arrays, or make them in a scope\(\) or with using: a loop that never yields to the event loop keeps dropped arrays\.$/;

describe("where the workers' memory cannot grow", () => {
  const wide = samples(40, 17_001);
  const [wideX, wideY] = [array(wide.X), array(wide.Y)];
  // This thread's memory has grown enough for all that follows: what runs out is the workers'.
  zeros(8_000_000).free();

  test.each([
    ["threads", 2, false],
    ["one worker over shared memory", 1, false],
    ["one worker with a copy", 2, true],
  ])("%s: the fit is rejected like fit throws, and everything works again", async (_, threads, alone) => {
    if (alone) vi.stubGlobal("SharedArrayBuffer", undefined);
    for (const { name, make } of models) {
      const model = make({ epochs: 3 });
      model.fit(X, Y);
      const before = parametersOf(model);
      const usage = await quietUsage();
      // 65 KB, 1 MB and 2.5 MB do not hold 2.7 MB of samples.
      for (const limit of [65536, 2 ** 20, 2_500_000]) {
        // A team whose memory has grown already would have room.
        await expectNoWorkersLeft();
        configure({ memoryLimit: limit });
        const error = await rejection(model.fitAsync(wideX, wideY, { threads }));
        expect(error.constructor).toBe(RangeError);
        expect(error.message).toMatch(OUT_OF_MEMORY);
        expect(error.message).toContain(`${name}.fitAsync: `);
        expect(error.message).toContain(`expected at most ${limit} in all`);
        expect(workers()).toBeGreaterThan(0);
        expectSame(parametersOf(model), before, "parameters");
        expect(await quietUsage()).toEqual(usage);
      }
      configure({ memoryLimit: 2 ** 32 });
      const want = make({ epochs: 3 });
      expectSameFit([await model.fitAsync(wideX, wideY, { threads }), model], [want.fit(wideX, wideY), want], name);
      for (const each of [want, model]) each.free();
    }
  });

  test("room for the samples, but not for the threads' sums: rejected too, and the workers' memory is given back", async () => {
    const make = () => new TwoLayerNetwork({ hidden: 3000, epochs: 1 });
    const model = make();
    await expectNoWorkersLeft();
    for (let i = 0; i < 3; i++) {
      configure({ memoryLimit: 6_000_000 });
      const error = await rejection(model.fitAsync(wideX, wideY, { threads: 2 }));
      expect(error.message).toMatch(OUT_OF_MEMORY);
      expect(error.message).toContain("TwoLayerNetwork.fitAsync: ");
      // What did not fit does not stay in the way of what does.
      const small = new LogisticRegression({ epochs: 2 });
      const want = new LogisticRegression({ epochs: 2 });
      expectSameFit([await small.fitAsync(X, Y, { threads: 2 }), small], [want.fit(X, Y), want], "small");
      expect(workers()).toBe(2);
    }
  });

  test("a product is rejected, naming matmulAsync", async () => {
    const random = new Random(2);
    const [a, b] = [random.normal([600, 600]), random.normal([600, 600])];
    await expectNoWorkersLeft();
    configure({ memoryLimit: 2_500_000 });
    const error = await rejection(matmulAsync(a, b, { threads: 2 }));
    expect(error.constructor).toBe(RangeError);
    expect(error.message).toMatch(OUT_OF_MEMORY);
    expect(error.message).toContain("matmulAsync: ");
    configure({ memoryLimit: 2 ** 32 });
    expect((await matmulAsync(a, b, { threads: 2 })).shape).toEqual([600, 600]);
  });

  test("many fits in one team take no more of its memory than the first", async () => {
    const model = new TwoLayerNetwork({ epochs: 1, hidden: 20 });
    const options = {
      threads: 2,
      earlyStopping: { validation: [wideX.columns(0, 3000), wideY.columns(0, 3000)] as const },
    };
    await model.fitAsync(wideX, wideY, options);
    const { memory } = info().threads;
    expect(memory).toBeGreaterThan(2_000_000);
    for (let i = 0; i < 30; i++) {
      await model.fitAsync(i % 2 ? wideX : wideX.columns(0, 9000), i % 2 ? wideY : wideY.columns(0, 9000), {
        threads: 2,
      });
    }
    expect(info().threads.memory).toBe(memory);
  });
});

describe("a cost that diverges", () => {
  test.each([1, 2, 3])("with %i threads rejects with the error of fit", async (threads) => {
    for (const { name, make } of models) {
      for (const options of [
        { learningRate: 3e38, epochs: 30 },
        { learningRate: 3e38, epochs: 30, batchSize: 4000 },
        { learningRate: 1e38, epochs: 30, l2: 1e9 },
      ]) {
        const model = make({ ...options, seed: 1 });
        let want: Error | undefined;
        try {
          make({ ...options, seed: 1 }).fit(X, Y);
        } catch (error) {
          want = error as Error;
        }
        const got = await rejection(model.fitAsync(X, Y, { threads }));
        expect(got.message).toBe(want!.message.replace(`${name}.fit:`, `${name}.fitAsync:`));
        expect(got.constructor).toBe(RangeError);
        expect(workers()).toBe(Math.min(threads, options.batchSize ? 2 : 16));
      }
    }
  });
});

test("what is wrong with the data or the options is refused before any worker starts", async () => {
  await expectNoWorkersLeft();
  const onWorker = vi.fn();
  process.on("worker", onWorker);
  const { X: bad } = samples(3, 3000);
  bad[1]![7] = Number.NaN;
  const labels = samples(3, 3000).Y;
  const model = new LogisticRegression();
  const cases: [() => Promise<unknown>, string][] = [
    [() => model.fitAsync(array(bad), labels, { threads: 2 }), "LogisticRegression.fitAsync: X[1, 7] is NaN"],
    [
      () => model.fitAsync(samples(3, 3000).X, [labels[0]!.map((y) => y * 2)], { threads: 2 }),
      "LogisticRegression.fitAsync: Y",
    ],
    [() => model.fitAsync(bad, labels.slice(0, 0), { threads: 2 }), "LogisticRegression.fitAsync: "],
    [() => model.fitAsync(X, Y, { threads: 1.5 }), "LogisticRegression.fitAsync: threads is 1.5"],
    [
      () => model.fitAsync(X, Y, { threads: 2, earlyStopping: { validation: [array([[1]]), Y] } }),
      "LogisticRegression.fitAsync: ",
    ],
    [
      () => new LogisticRegression({ batchSize: 20_000 }).fitAsync(X, Y, { threads: 2 }),
      "LogisticRegression.fitAsync: batchSize",
    ],
  ];
  for (const [attempt, message] of cases) expect((await rejection(attempt())).message).toContain(message);
  expect(workers()).toBe(0);
  expect(onWorker).not.toHaveBeenCalled();
  process.off("worker", onWorker);
});

test.each([2, 1])("X, Y and the scope that they were made in may go while %i threads train", async (threads) => {
  const { X: rows, Y: labels } = samples(5, 17_001);
  const usage = await quietUsage();
  for (const { make } of models) {
    const [model, want] = [make({ epochs: 5 }), make({ epochs: 5 })];
    const [x, y] = [array(rows), array(labels)];
    const wanted = want.fit(x, y);
    const fit = model.fitAsync(x, y, { threads, sliceMs: 0.001 });
    x.free();
    y.free();
    const others = [array(rows.map((row) => row.map(() => 9))), array(labels)];
    expectSameFit([await fit, model], [wanted, want], "freed");
    for (const each of [model, want, ...others]) each.free();
  }
  expect(await quietUsage()).toEqual(usage);
});
