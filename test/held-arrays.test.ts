/** Arrays that are freed, or whose scope is left, while a fit reads them: it reads on, and they are gone at its end. */
import { describe, expect, test } from "vitest";
import { array, type NDArray, scope, type TrainingOptions } from "../src/index.ts";
import { AT_ONCE, rejectionOf, turn } from "./async-cases.ts";
import { samples } from "./fixtures.ts";
import { expectSameParameters, held, type Model, models } from "./model-state.ts";

const data = samples(4, 3000);
const other = samples(4, 50, 7);
const trainings: TrainingOptions[] = [{}, { batchSize: 700 }, { batchSize: 700, shuffle: false }];
type Given = { X: NDArray; Y: NDArray; vX: NDArray; vY: NDArray };

function given(): Given {
  return { X: array(data.X), Y: array(data.Y), vX: array(other.X), vY: array(other.Y) };
}

function begin(model: Model, { X, Y, vX, vY }: Given, signal?: AbortSignal): Promise<unknown> {
  const earlyStopping = { validation: [vX, vY] as const };
  return model.fitAsync(X, Y, { earlyStopping, sliceMs: AT_ONCE, ...(signal && { signal }) });
}

/** Takes the memory that was just given back, if it was, and writes over it. */
function overwrite(): void {
  scope(() => {
    for (const a of Object.values(given())) a.data.fill(Number.NaN);
  });
}

describe.each(models)("fitAsync of $name", ({ make }) => {
  /** What an undisturbed fit learns. */
  function expectRight(model: Model, training: TrainingOptions): void {
    using same = make({ epochs: 5, ...training });
    same.fit(data.X, data.Y, { earlyStopping: { validation: [other.X, other.Y] } });
    expectSameParameters(model, same, "parameters");
  }

  test.each(trainings)("reads arrays to the end that are freed meanwhile, with %j", async (training) => {
    const before = held();
    const model = make({ epochs: 5, ...training });
    const arrays = given();
    const fit = begin(model, arrays);
    for (const a of Object.values(arrays)) {
      a.free();
      expect(() => a.free()).toThrow(
        "NDArray.free: the array was freed before. Free it, or one of its views, once.",
      );
    }
    overwrite();
    await turn();
    overwrite();
    await fit;
    expectRight(model, training);
    expect(() => arrays.X.item(0, 0)).toThrow("the array (4, 3000) was freed.");
    expect(() => arrays.X.free()).toThrow("was freed before");
    model.free();
    expect(held()).toEqual(before);
  });

  test.each(trainings)("reads arrays to the end whose scope is left, with %j", async (training) => {
    const before = held();
    const model = make({ epochs: 5, ...training });
    let fit: Promise<unknown> | undefined;
    scope(() => {
      fit = begin(model, given());
    });
    overwrite();
    await turn();
    overwrite();
    await fit;
    expectRight(model, training);
    model.free();
    expect(held()).toEqual(before);
  });

  test("called within a scope with plain data, keeps its copies beyond it", async () => {
    const before = held();
    const model = make({ epochs: 5 });
    let fit: Promise<unknown> | undefined;
    scope(() => {
      const earlyStopping = { validation: [other.X, other.Y] as const };
      fit = model.fitAsync(data.X, data.Y, { earlyStopping, sliceMs: AT_ONCE });
    });
    overwrite();
    await fit;
    expectRight(model, {});
    model.free();
    expect(held()).toEqual(before);
  });

  test("reads an array to the end that is being used up by using", async () => {
    const before = held();
    const model = make({ epochs: 5 });
    let fit: Promise<unknown> | undefined;
    {
      using X = array(data.X);
      using freed = array(data.Y);
      fit = model.fitAsync(X, freed, { sliceMs: AT_ONCE });
      freed.free();
    }
    overwrite();
    await fit;
    model.free();
    expect(held()).toEqual(before);
  });

  test("of two models on one array: the last lets go of it", async () => {
    const before = held();
    const [short, long] = [make({ epochs: 1 }), make({ epochs: 5 })];
    const arrays = given();
    const fits = [begin(short, arrays), begin(long, arrays)];
    for (const a of Object.values(arrays)) a.free();
    await fits[0];
    overwrite();
    await fits[1];
    expectRight(long, {});
    for (const model of [short, long]) model.free();
    expect(held()).toEqual(before);
  });

  test("that is aborted or refused lets go of what was freed meanwhile", async () => {
    const before = held();
    const model = make({ epochs: 5 });
    const controller = new AbortController();
    const aborted = given();
    const fit = begin(model, aborted, controller.signal);
    for (const a of Object.values(aborted)) a.free();
    await turn();
    controller.abort();
    await rejectionOf(fit);
    expect(held()).toEqual(before);
    const refused = { ...given(), vY: array([[1]]) };
    await rejectionOf(begin(model, refused));
    for (const a of Object.values(refused)) a.free();
    expect(held().arrays).toBe(before.arrays + 1);
  });

  test("leaves arrays alone that nobody freed", async () => {
    using model = make({ epochs: 2 });
    const arrays = given();
    await begin(model, arrays);
    expect(arrays.X.item(0, 0)).toBe(Math.fround(data.X[0]![0]!));
    for (const a of Object.values(arrays)) a.free();
  });
});
