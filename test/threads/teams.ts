/** Help for the tests of threads: samples, what a fit leaves, teams that are gone. */
import { getEventListeners } from "node:events";
import { expect } from "vitest";
import { type History, info, releaseThreads } from "../../src/index.ts";
import { type Dtype, expectSame } from "../compare.ts";
import { inOrder, samples } from "../fixtures.ts";
import { type Model, parametersOf } from "../model-state.ts";

/** Samples of 16 chunks, or as many as m has, for either dtype; the same arrays each time. */
export function chunked(dtype: Dtype = "f32", m = 17_001) {
  const { X, Y } = samples(5, m);
  return { X: inOrder(X, "rows", dtype), Y: inOrder(Y, "rows", dtype) };
}

/** What a history says of the training itself, not of where it ran. */
export function told({ execution: _, ...rest }: History): Omit<History, "execution"> {
  return rest;
}

/** Two trainings did the same, to the bit: costs, when they stopped and why, parameters. */
export function expectSameFit(
  [history, model]: readonly [History, Model],
  [wantHistory, wantModel]: readonly [History, Model],
  label: string,
): void {
  expectSame(history.cost, wantHistory.cost, `${label}: cost`);
  expect(told(history), label).toEqual(told(wantHistory));
  expectSame(parametersOf(model), parametersOf(wantModel), `${label}: parameters`);
}

/** Resolves when `done` is true; looks between tasks of the event loop. */
export async function until(done: () => boolean, what = "it to happen"): Promise<void> {
  for (let i = 0; !done(); i++) {
    if (i > 20_000) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Workers that are alive, as the package says. */
export function workers(): number {
  return info().threads.workers;
}

let count = 0;
process.on("worker", () => {
  count++;
});

/** Workers that were started so far. */
export function started(): number {
  return count;
}

/** Ends all workers and sees that none is left, neither in the package's books nor in the process. */
export async function expectNoWorkersLeft(): Promise<void> {
  await releaseThreads();
  expect(info().threads).toMatchObject({ workers: 0, memory: 0 });
  await until(() => threadsOfProcess() === 0, "the workers' threads to end");
}

/** Workers of the process that hold open ports, by the handles of Node itself. */
function threadsOfProcess(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Worker").length;
}

/** Listeners for abort. */
export function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** Address of a script beside this file. Node drops the query of a file's address: options go before the import. */
export function script(name: string, options?: Record<string, string | number>): string {
  const { href } = new URL(`./scripts/${name}`, import.meta.url);
  if (!options) return href;
  const code = `globalThis.options = ${JSON.stringify(options)}; await import(${JSON.stringify(href)});`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
