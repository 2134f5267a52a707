/** Types of the parameters, and who gives which memory back when. */
import { describe, expect, test } from "vitest";
import { array, configure, info, LogisticRegression, NDArray, scope, TwoLayerNetwork } from "../src/index.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { elements, held, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 20);
const typed = (data: Float32Array | Float64Array | Int8Array) => ({ data, shape: [3, 20] });

describe.each(models)("dtype of $name", ({ make }) => {
  test.each([
    ["plain numbers", X, "f32"],
    ["a Float32Array", typed(Float32Array.from(X.flat())), "f32"],
    ["a Float64Array", typed(Float64Array.from(X.flat())), "f64"],
    ["an Int8Array", typed(Int8Array.from(X.flat())), "f32"],
    ["an NDArray f64", array(X, { dtype: "f64" }), "f64"],
  ] as const)("is that of X: %s makes it %s", (_, x, dtype) => {
    using model = make({ epochs: 1 });
    model.fit(x, x instanceof NDArray ? array(Y, { dtype }) : Y);
    expect(model.predict(X).dtype).toBe(dtype);
  });

  test.each(["f32", "f64"] as const)("is %s where the option says so, and plain data is converted", (dtype) => {
    using model = make({ epochs: 1, dtype });
    model.fit(typed(Float64Array.from(X.flat())), Y);
    expect(model.predict(typed(Float32Array.from(X.flat()))).dtype).toBe(dtype);
    expect(make({ dtype }).initialize(3).predict(X).dtype).toBe(dtype);
    expect(make({ dtype }).initialize(3, { dtype: "f64" }).predict(X).dtype).toBe("f64");
  });
});

describe.each(models)("memory of $name", ({ make }) => {
  test("is one array of parameters after a fit, of copies nothing", () => {
    const before = held();
    const model = make({ epochs: 2, batchSize: 3 });
    model.fit(X, Y);
    model.score(X, Y);
    expect(held().arrays).toBe(before.arrays + 1);
    model.free();
    expect(held()).toEqual(before);
  });

  test("comes back with free, once and again, after which the model is as if never fitted", () => {
    const model = make({ epochs: 2 });
    model.fit(X, Y);
    const learned = parametersOf(model);
    const view = Object.values(model.parameters)[0]!;
    model.free();
    model.free();
    const { name } = model.constructor;
    const never = (what: string) =>
      `${name}.${what}: the ${name} has no parameters yet. Call fit first, or initialize(n_x).`;
    expect(() => model.parameters).toThrow(name);
    expect(() => model.predict(X)).toThrow(never("predict"));
    expect(() => elements(view as never)).toThrow("was freed. Use it before free()");
    model.fit(X, Y);
    expectSame(parametersOf(model), learned, "fitted again");
    model.free();
  });

  test("comes back at the end of the block that is using the model, also after an error", () => {
    const before = held();
    {
      using model = make({ epochs: 1 });
      model.fit(X, Y);
      expect(held().arrays).toBe(before.arrays + 1);
    }
    expect(held()).toEqual(before);
    expect(() => {
      using model = make({ epochs: 1 });
      model.fit(X, Y);
      throw new Error("on the way");
    }).toThrow("on the way");
    expect(held()).toEqual(before);
  });

  test("is not a scope's: what was learned in one outlives it", () => {
    const before = held();
    const model = make({ epochs: 2 });
    scope(() => {
      model.fit(array(X), array(Y));
      model.predict(X);
      model.accumulate(X, Y);
    });
    expect(model.score(X, Y)).toBeGreaterThan(0);
    expect(model.sums.samples).toBe(20);
    model.free();
    expect(held()).toEqual(before);
  });

  test("is where it was after fits of two shapes in turn, and fits that failed", () => {
    const model = make({ epochs: 1 });
    const [x, y] = [array(X), array(Y)];
    const other = samples(9, 20);
    const refuse = () => {
      throw new Error("enough");
    };
    model.fit(other.X, other.Y); // scratch is kept, and is that of the largest need
    model.fit(x, y);
    const before = info().memory;
    for (let i = 0; i < 500; i++) {
      model.fit(other.X, other.Y);
      expect(() => model.fit(x, y, { onEpoch: refuse })).toThrow("enough");
      model.fit(x, y);
    }
    expect(info().memory).toEqual(before);
    for (const one of [model, x, y]) one.free();
  });

  test("comes back when onEpoch frees X, which takes effect when the fit is over", () => {
    for (const batches of [{}, { batchSize: 6 }]) {
      using model = make({ epochs: 3, ...batches });
      using same = make({ epochs: 3, ...batches });
      same.fit(X, Y);
      model.fit(X, Y);
      const before = held();
      const x = array(X);
      const onEpoch = ({ epoch }: { epoch: number }) => epoch === 1 && x.free();
      expect(() => model.fit(x, Y, { onEpoch: (progress) => void onEpoch(progress) })).not.toThrow();
      expectSame(parametersOf(model), parametersOf(same), "parameters");
      expect(held()).toEqual(before);
      expect(() => x.item(0, 0)).toThrow("the array (3, 20) was freed.");
    }
  });

  test("is reused by the next fit of the same shape, so that views stay good, and given back by another", () => {
    using model = make({ epochs: 1 });
    model.fit(X, Y);
    const before = held();
    const first = Object.values(model.parameters)[0]!;
    model.fit(X, Y);
    expect(held()).toEqual(before);
    expect(typeof first === "number" || first.storage.offset !== undefined).toBe(true);
    const wide = samples(9, 20);
    model.fit(wide.X, wide.Y);
    expect(held().arrays).toBe(before.arrays);
    model.initialize(3);
    expect(held()).toEqual(before);
  });
});

test.each(models)("$name says what to do where parameters are asked for before a fit", ({ make }) => {
  const model = make();
  const { name } = model.constructor;
  for (const [what, ask] of [
    ["predict", () => model.predict(X)],
    ["predictProbability", () => model.predictProbability(X)],
    ["score", () => model.score(X, Y)],
    ["forward", () => model.forward(X)],
    ["gradient", () => model.gradient(X, Y)],
    ["sums", () => model.sums],
  ] as const) {
    expect(ask, what).toThrow(
      new Error(`${name}.${what}: the ${name} has no parameters yet. Call fit first, or initialize(n_x).`),
    );
  }
});

test("plain X follows an f64 Y", () => {
  using model = new LogisticRegression({ epochs: 1 });
  model.fit(X, array(Y, { dtype: "f64" }));
  expect(model.w.dtype).toBe("f64");
});

test("a model made before a change of the build still takes plain data", () => {
  const other = info().build === "simd" ? "relaxed" : "simd";
  using model = new LogisticRegression({ epochs: 5 });
  model.fit(X, Y);
  const before = elements(model.predictProbability(X));
  configure({ build: other });
  expect(elements(model.predictProbability(X))).toEqual(before);
  expect(model.score(X, Y)).toBeGreaterThanOrEqual(0);
  configure({ build: undefined });
});

test("an array of another array's data is right even where making room moves the memory", () => {
  const source = array(new Float64Array(100_000).fill(7));
  const copies: NDArray[] = [];
  const { total } = info().memory;
  while (info().memory.total < 4 * total) copies.push(array({ data: source.data, shape: [100_000] }));
  expect(copies.every((copy) => copy.item(99_999) === 7)).toBe(true);
  for (const copy of copies) copy.free();
});

test("memory that grows while a start is copied does no harm: every model gets its start", () => {
  const n = 1000;
  const data = new Float64Array(n).fill(0.5);
  const [W1, w] = [1, n].map((rows) => ({ data, shape: [rows, n / rows] }));
  // As models pile up, it is the copy of a start, smaller than the parameters, that fills the memory.
  const made = [];
  const { total } = info().memory;
  while (info().memory.total < 4 * total) {
    const line = new LogisticRegression({ initialization: { w: w!, b: 7 } }).initialize(n);
    const start = { W1: W1!, b1: [[1]], W2: [[2]], b2: [[3]] };
    const network = new TwoLayerNetwork({ hidden: 1, initialization: start }).initialize(n);
    expect([line.w.item(n - 1, 0), line.b]).toEqual([0.5, 7]);
    expect([network.parameters.W1.item(0, n - 1), network.parameters.b2.item()]).toEqual([0.5, 3]);
    made.push(line, network);
  }
  for (const model of made) model.free();
});
