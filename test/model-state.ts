/** What the tests of the models ask of a model or of the memory: parameters as plain numbers, nothing changed. */
import { expect } from "vitest";
import type { KernelKind } from "../src/index.ts";
import {
  configure,
  info,
  LogisticRegression,
  type NDArray,
  type TrainingOptions,
  TwoLayerNetwork,
} from "../src/index.ts";
import { plain } from "../src/loading/inlined.ts";
import { SoftmaxRegression } from "../src/softmax-regression.ts";
import { expectSame } from "./compare.ts";
import type { Rows } from "./fixtures.ts";

/** Any model. */
export type Model = LogisticRegression | TwoLayerNetwork | SoftmaxRegression;

/** All models behind one constructor, for tables of cases with labels 0 and 1. */
export const models: readonly { name: string; make(options?: TrainingOptions): Model }[] = [
  { name: "LogisticRegression", make: (options = {}) => new LogisticRegression(options) },
  { name: "TwoLayerNetwork", make: (options = {}) => new TwoLayerNetwork({ hidden: 3, ...options }) },
  { name: "SoftmaxRegression", make: (options = {}) => new SoftmaxRegression({ classes: 2, ...options }) },
];

/** Both builds, for tables of cases; where a test puts the plain kernel in their place (test/plain/host.test.ts), that. */
export const builds: readonly KernelKind[] = plain ? ["js"] : ["simd", "relaxed"];

/** Makes a build the current one, with memory of its own, for the tests that follow. */
export function useBuild(build: KernelKind): void {
  if (build !== "js") configure({ build });
  expect(info().build).toBe(build);
}

/** The elements of an array in row-major order, for one axis or two. */
export function elements(a: NDArray): number[] {
  return (a.toArray() as Rows).flat();
}

/** A matrix as rows. */
export function rowsOf(a: NDArray): Rows {
  return a.toArray() as Rows;
}

/** All parameters of a model as numbers: w, b, or W, b, or W1, b1, W2, b2. */
export function parametersOf(model: Model): number[] {
  if (model instanceof LogisticRegression) return [...elements(model.w), model.b];
  if (model instanceof SoftmaxRegression) return [model.parameters.W, model.parameters.b].flatMap(elements);
  const { W1, b1, W2, b2 } = model.parameters;
  return [W1, b1, W2, b2].flatMap(elements);
}

/** All parameters in the order in which they lie. */
function flatOf(model: Model): NDArray {
  const first = model instanceof LogisticRegression ? model.w : Object.values(model.parameters)[0]!;
  return first.view([parametersOf(model).length], [1], 0);
}

/** Gives a model of the same form another one's parameters. */
export function copyParameters(from: Model, to: Model): void {
  flatOf(to).data.set(flatOf(from).data);
}

/** What l2 penalises of them. */
export function weightsOf({ parameters }: Model): number[] {
  const { w, W, W1, W2 } = parameters as Partial<Record<"w" | "W" | "W1" | "W2", NDArray>>;
  return [w, W, W1, W2].flatMap((a) => (a ? elements(a) : []));
}

/** Two models have the same parameters to the bit. */
export function expectSameParameters(a: Model, b: Model, label: string): void {
  expectSame(parametersOf(a), parametersOf(b), label);
}

/** Bytes that arrays and models hold, and how many of them there are. */
export function held(): { used: number; arrays: number } {
  const { used, arrays } = info().memory;
  return { used, arrays };
}

/** A class of errors. */
export type Kind = new () => Error;

/** Runs `body`, which must throw `kind` with exactly this message and leave the memory as it was. */
export function expectRefusal(body: () => unknown, kind: Kind, message: string): void {
  const before = held();
  const error = thrownBy(body);
  expect(error.message).toBe(message);
  expect(error.constructor).toBe(kind);
  expect(held()).toEqual(before);
}

/** `body` is refused as above, and the model's parameters are to the bit what they were. */
export function expectUntouched(model: Model, body: () => unknown, kind: Kind, message: string): void {
  const before = parametersOf(model);
  expectRefusal(body, kind, message);
  expectSame(parametersOf(model), before, "parameters");
}

function thrownBy(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
