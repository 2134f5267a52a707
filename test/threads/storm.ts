/** Fits and products that are started and aborted at seeded random moments, by the hundreds. */
import { expect } from "vitest";
import { array, type FitAsyncOptions, info, matmul, matmulAsync, type NDArray, Random } from "../../src/index.ts";
import { randomFrom } from "../assembly/data.ts";
import { expectSame } from "../compare.ts";
import { inOrder, orders, samples } from "../fixtures.ts";
import { type Model, models, parametersOf } from "../model-state.ts";
import { quietUsage } from "../usage.ts";
import { expectSameFit, listeners, until, workers } from "./teams.ts";

const { X: rows, Y: labels } = samples(6, 9000);
const REASON = new Error("the weather");

/** What became of the work. */
export interface Weather {
  done: number;
  aborted: number;
}

/** Has `rounds` fits and products done, up to three at once; each must settle as it should and leave nothing. */
export async function storm(rounds: number, seed: number): Promise<Weather> {
  const next = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const weather: Weather = { done: 0, aborted: 0 };
  const signals: AbortSignal[] = [];
  const usage = await quietUsage();

  /** A signal that is aborted within so many milliseconds, sooner rather than later, or never. */
  function signalWithin(ms: number): AbortSignal {
    const controller = new AbortController();
    if (next() < 0.7) setTimeout(() => controller.abort(REASON), next() * next() * ms);
    signals.push(controller.signal);
    return controller.signal;
  }

  /** Waits for work; false if it was aborted. */
  async function settles(work: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    try {
      await work;
      weather.done++;
      return true;
    } catch (error) {
      if (error !== REASON || !signal.aborted) throw error;
      weather.aborted++;
      return false;
    }
  }

  async function learn(): Promise<void> {
    const dtype = pick(["f32", "f64"] as const);
    const data = () => [inOrder(rows, pick(orders), dtype), array(labels, { dtype })] as const;
    const { make } = pick(models);
    const settings = {
      epochs: pick([3, 20, 200]),
      seed: 1,
      ...pick([{}, {}, { batchSize: 700 }, { batchSize: 4500 }]),
    };
    const signal = signalWithin(60);
    const options: FitAsyncOptions = {
      threads: pick([1, 2, 2, 3]),
      onAbort: pick(["keep", "restore"]),
      sliceMs: pick([0.01, 8]),
      signal,
      ...pick([{}, { progressMs: pick([0, 0.01, 3]), onEpoch: () => undefined }]),
    };
    const [model, want] = [make(settings), make(settings)];
    const [X, Y] = data();
    const training = model.fitAsync(X, Y, options);
    // Somebody holds them.
    for (const each of [X, Y]) each.free();
    const done = await settles(training, signal);
    const [again, answers] = data();
    if (done) expectSameFit([await training, model], [want.fit(again, answers), want], JSON.stringify(settings));
    else
      expectStage(model, options, () => make({ ...settings, epochs: 1, warmStart: true }), settings, [
        again,
        answers,
      ]);
    for (const each of [again, answers, model, want]) each.free();
  }

  async function product(): Promise<void> {
    const random = new Random(1);
    const [a, b] = [random.normal([500, 30]), random.normal([30, 50])];
    const signal = signalWithin(8);
    const product = matmulAsync(a, b, { threads: 2, signal });
    const made: NDArray[] = [a, b];
    if (await settles(product, signal)) {
      made.push(await product, matmul(a, b));
      expectSame(made[2]!.data, made[3]!.data, "product");
    }
    for (const each of made) each.free();
  }

  for (let round = 0; round < rounds; ) {
    const many = Math.min(1 + Math.floor(next() * 3), rounds - round);
    await Promise.all(Array.from({ length: many }, () => (next() < 0.15 ? product() : learn())));
    round += many;
  }
  // Aborted work may still be on its way out.
  await until(() => signals.every((signal) => listeners(signal) === 0), "listeners to go");
  expect(await quietUsage()).toEqual(usage);
  expect(workers()).toBeLessThanOrEqual(3);
  expect(info().threads.memory).toBeLessThan(64 * 2 ** 20);
  return weather;
}

/** After an abort the model has no parameters, or those of the last epoch that was over if they were to be kept. */
function expectStage(
  model: Model,
  { onAbort }: FitAsyncOptions,
  makeSteps: () => Model,
  { epochs, ...settings }: { epochs: number; batchSize?: number },
  [X, Y]: readonly [NDArray, NDArray],
): void {
  let found: string;
  try {
    found = parametersOf(model).join();
  } catch (error) {
    expect((error as Error).message).toContain("has no parameters yet");
    return;
  }
  expect(onAbort).toBe("keep");
  // The epochs of batches are not the first epochs of so many fits.
  if (settings.batchSize !== undefined) return;
  const steps = makeSteps();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    steps.fit(X, Y);
    if (parametersOf(steps).join() !== found) continue;
    steps.free();
    return;
  }
  throw new Error("the parameters are those of no epoch");
}
