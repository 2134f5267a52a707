/** Workers that end in the middle: the fit is rejected and says why, everything else is as before. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { configure, matmul, matmulAsync, Random } from "../../src/index.ts";
import { expectSame } from "../compare.ts";
import { type Model, models, parametersOf } from "../model-state.ts";
import { quietUsage } from "../usage.ts";
import { chunked, expectNoWorkersLeft, expectSameFit, rejection, script, workers } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

const { X, Y } = chunked();
/** So many that each thread gets a few parts, whoever is quicker. */
const EPOCHS = 200;
const EXIT = "the worker ended with exit code 7";

beforeEach(expectNoWorkersLeft);
afterEach(() => {
  configure({ workerUrl: undefined });
  vi.unstubAllGlobals();
});
afterAll(expectNoWorkersLeft);

/** A model that has learned something. */
function fitted(make: (typeof models)[number]["make"]): Model {
  const model = make({ epochs: EPOCHS, seed: 5 });
  model.fit(X.columns(0, 200), Y.columns(0, 200));
  return model;
}

/** The same fit with the right script does what fit does. */
async function expectRecovered(
  model: Model,
  make: (typeof models)[number]["make"],
  threads: number,
): Promise<void> {
  configure({ workerUrl: undefined });
  const history = await model.fitAsync(X, Y, { threads });
  const want = make({ epochs: EPOCHS, seed: 5 });
  expectSameFit([history, model], [want.fit(X, Y), want], "afterwards");
  for (const each of [want, model]) each.free();
}

type Moment = [moment: string, options: Record<string, string | number>, cause: string];

const deaths: Moment[] = [
  ["the coordinator ends as the job comes", { at: "order job" }, EXIT],
  ["the coordinator ends before there is room", { at: "report room" }, EXIT],
  ["the coordinator ends when there is room", { at: "after room" }, EXIT],
  ["the coordinator throws as it is to go", { at: "order go", how: "throw" }, "thrown at order go"],
  ["the coordinator ends in the middle", { at: "part", nth: 50 }, EXIT],
  ["the coordinator ends at the end", { at: "report done" }, EXIT],
  ["a helper ends as the job comes", { index: 1, at: "order help" }, EXIT],
  ["a helper throws as the job comes", { index: 1, at: "order help", how: "throw" }, "thrown at order help"],
  ["a helper ends with its first part", { index: 1, at: "part" }, EXIT],
  ["a helper ends in the middle", { index: 1, at: "part", nth: 3 }, EXIT],
  ["a helper throws in the middle of a part", { index: 1, at: "part", nth: 3, how: "throw" }, "thrown at part"],
  ["another helper ends in the middle", { index: 2, at: "part", nth: 3 }, EXIT],
];

describe.each(models)("$name", ({ name, make }) => {
  // The models take turns: what ends has little to do with what is learned.
  const mine = (_: unknown, i: number): boolean => models[i % models.length]!.name === name;

  test.each(deaths.filter(mine))("%s", async (_, options, cause) => {
    const model = fitted(make);
    const before = parametersOf(model);
    const usage = await quietUsage();
    configure({ workerUrl: script("wrapped.mjs", options) });
    const error = await rejection(model.fitAsync(X, Y, { threads: 3 }));
    expect(error.message).toBe(
      `${name}.fitAsync: a worker ended before its work was done: ${cause}. Nothing has changed; the next call starts new workers.`,
    );
    expect(error.constructor).toBe(Error);
    expect(error.cause).toMatchObject({ message: cause });
    expect(workers()).toBe(0);
    expectSame(parametersOf(model), before, "parameters");
    expect(await quietUsage()).toEqual(usage);
    await expectRecovered(model, make, 3);
  });
});

describe("LogisticRegression", () => {
  const { make } = models[0]!;

  test.each([
    ["told", { at: "report told" }],
    ["has told", { at: "after told" }],
    ["has told five times", { at: "after told", nth: 5 }],
  ])("the coordinator ends when an epoch is %s", async (_, options) => {
    const model = fitted(make);
    const before = parametersOf(model);
    configure({ workerUrl: script("wrapped.mjs", options) });
    for (const threads of [1, 2]) {
      const onEpoch = async () => new Promise((resolve) => setTimeout(resolve, 1));
      const error = await rejection(model.fitAsync(X, Y, { threads, onEpoch, progressMs: 0 }));
      expect(error.message).toContain(`a worker ended before its work was done: ${EXIT}.`);
      expectSame(parametersOf(model), before, "parameters");
    }
    await expectRecovered(model, make, 2);
  });

  test.each<[string, Record<string, string | number>]>([
    ["the coordinator", { at: "report idle" }],
    ["a helper", { index: 1, at: "report idle" }],
  ])("%s ends when the work is done: the fit has what it needs, the next one starts others", async (_, options) => {
    const model = fitted(make);
    configure({ workerUrl: script("wrapped.mjs", options) });
    const fit = model.fitAsync(X, Y, { threads: 2 });
    // What a helper says and what the coordinator says may come in either order.
    if ("index" in options) await fit.catch(({ message }) => expect(message).toContain(EXIT));
    else await fit;
    expect(workers()).toBe(0);
    await expectRecovered(model, make, 2);
  });

  test.each<[string, Record<string, string | number>, string]>([
    ["before there is room", { at: "report room" }, EXIT],
    ["while data comes", { at: "order values", nth: 2 }, EXIT],
    ["as it is to go", { at: "order go", how: "throw" }, "thrown at order go"],
    ["at the end", { at: "report done" }, EXIT],
  ])("a worker on its own ends %s", async (_, options, cause) => {
    const model = fitted(make);
    const before = parametersOf(model);
    configure({ workerUrl: script("wrapped.mjs", options) });
    vi.stubGlobal("SharedArrayBuffer", undefined);
    const error = await rejection(model.fitAsync(X, Y, { threads: 2 }));
    expect(error.message).toContain(`a worker ended before its work was done: ${cause}.`);
    expect(workers()).toBe(0);
    expectSame(parametersOf(model), before, "parameters");
    await expectRecovered(model, make, 2);
  });
});

test("a worker that ends before it is ready was never there: the fit runs in slices", async () => {
  for (const options of [{ at: "order start" }, { index: 1, at: "report ready" }]) {
    const model = fitted(models[0]!.make);
    configure({ workerUrl: script("wrapped.mjs", options) });
    const history = await model.fitAsync(X, Y, { threads: 2 });
    // A single worker has no second one that could end.
    expect(history.execution.mode).toBe("index" in options ? "worker" : "slices");
    await expectRecovered(model, models[0]!.make, 2);
  }
});

test("a worker that ends while it has nothing to do is replaced for the next fit", async () => {
  const model = fitted(models[0]!.make);
  // It ends when it has reported that it is idle.
  configure({ workerUrl: script("wrapped.mjs", { at: "after idle" }) });
  for (let i = 0; i < 3; i++) {
    const history = await model.fitAsync(X, Y, { threads: 2 });
    expect(history.execution.mode).toBe("threads");
    await vi.waitUntil(() => workers() === 0);
  }
  await expectRecovered(model, models[0]!.make, 2);
});

test("products are rejected likewise", async () => {
  const random = new Random(1);
  const [a, b] = [random.normal([900, 400]), random.normal([400, 300])];
  const usage = await quietUsage();
  for (const options of [{ at: "report room" }, { index: 1, at: "part" }, { at: "report done" }]) {
    configure({ workerUrl: script("wrapped.mjs", options) });
    expect((await rejection(matmulAsync(a, b, { threads: 2 }))).message).toBe(
      `matmulAsync: a worker ended before its work was done: ${EXIT}. Nothing has changed; the next call starts new workers.`,
    );
    expect(await quietUsage()).toEqual(usage);
  }
  configure({ workerUrl: undefined });
  const [found, want] = [await matmulAsync(a, b, { threads: 2 }), matmul(a, b)];
  expectSame(found.data, want.data, "product");
});
