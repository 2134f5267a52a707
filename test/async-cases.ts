/** What the tests of asynchronous work share: rejections, signals that count, work in between. */
import { expect } from "vitest";
import { add, array, type History, LogisticRegression, matmul, ones, scope, zeros } from "../src/index.ts";
import { randomFrom } from "./assembly/data.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { held, type Kind, type Model, parametersOf } from "./model-state.ts";

/** So short that every slice is over at once: each yield goes back to the event loop. */
export const AT_ONCE = Number.MIN_VALUE;

/** Resolves in a later turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a promise is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error("nothing was rejected");
}

/** `act` must return a promise, not throw, that is rejected with exactly this, and leave the memory as it was. */
export async function expectRejection(act: () => Promise<unknown>, kind: Kind, message: string): Promise<void> {
  const before = held();
  const promise = act();
  expect(promise).toBeInstanceOf(Promise);
  const error = (await rejectionOf(promise)) as Error;
  expect(error.message).toBe(message);
  expect(error.constructor).toBe(kind);
  expect(held()).toEqual(before);
}

/** The parameters and the history of a model that was fitted, as numbers to compare. */
export function outcomeOf(model: Model, { cost, validationCost = [], bestEpoch = -1 }: History): number[] {
  return [...parametersOf(model), ...cost, ...validationCost, bestEpoch];
}

/** Both histories are the same, but for where they ran; costs to the bit. */
export function expectSameHistory(found: History, wanted: History): void {
  expectSame(found.cost, wanted.cost, "cost");
  expectSame(found.validationCost ?? [], wanted.validationCost ?? [], "validationCost");
  expect({ ...found, execution: wanted.execution }).toEqual(wanted);
}

/** A signal whose listeners are counted. */
export function countingSignal(): { controller: AbortController; signal: AbortSignal; listeners(): number } {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    listening.add(listener);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: never, options?: never) => {
    listening.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };
  return { controller, signal, listeners: () => listening.size };
}

/** Goes on with other work of this package in every turn of the event loop until `stop` is called. */
export function disturb(): { turns(): number; stop(): void } {
  const data = samples(9, 300);
  const random = randomFrom(3);
  let turns = 0;
  let running = true;
  const work = (): void => {
    if (!running) return;
    turns++;
    scope(() => {
      add(matmul(ones([70, 60]), ones([60, 50])), 1);
      zeros(Math.floor(random() * 50_000));
      using model = new LogisticRegression({ epochs: 1, batchSize: 100, seed: turns });
      model.fit(array(data.X), array(data.Y));
    });
    setImmediate(work);
  };
  setImmediate(work);
  return {
    turns: () => turns,
    stop: () => {
      running = false;
    },
  };
}
