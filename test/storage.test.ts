import { describe, expect, test } from "vitest";
import { array, matmul, mul, type NDArray, scope, sum, zeros } from "../src/index.ts";
import { quietUsage, usage } from "./usage.ts";

const freed = "was freed. Use it before free() or the end of its scope, or copy() it.";

describe("free", () => {
  test("gives the bytes back at once, and the next array of that size takes them", () => {
    const before = usage();
    const a = zeros([100, 7]);
    const { pointer } = a;
    expect(usage()).toEqual({ used: before.used + 2800, arrays: before.arrays + 1 });
    a.free();
    expect(usage()).toEqual(before);
    const b = zeros([7, 100]);
    expect(b.pointer).toBe(pointer);
    b.free();
  });

  test("twice is an error, through a view too, and takes no other array's bytes", () => {
    const a = zeros(4);
    const view = a.reshape(2, 2).T;
    view.free();
    const other = array([1, 2, 3, 4]);
    const before = usage();
    for (const again of [a, view]) expect(() => again.free()).toThrow("NDArray.free: the array was freed before.");
    expect(usage()).toEqual(before);
    expect(other.toArray()).toEqual([1, 2, 3, 4]);
    other.free();
  });

  test.each<[string, (a: NDArray) => unknown]>([
    ["item", (a) => a.item(0, 0)],
    ["data", (a) => a.data],
    ["toArray", (a) => a.toArray()],
    ["copy", (a) => a.copy()],
    ["astype", (a) => a.astype("f64")],
    ["T", (a) => a.T],
    ["reshape", (a) => a.reshape(4)],
    ["columns", (a) => a.columns(0, 1)],
    ["rows", (a) => a.rows(0, 1)],
    ["pointer", (a) => a.pointer],
    ["array(a)", (a) => array(a)],
    ["an operation", (a) => mul(a, a)],
    ["an operation with a number", (a) => mul(2, a)],
    ["an operation that writes to it", (a) => mul(2, zeros(a.shape), { out: a })],
    ["a product", (a) => matmul(a, a)],
    ["a reduction", (a) => sum(a)],
    ["a reduction over an axis", (a) => sum(a, { axis: 0 })],
  ])("makes %s an error, for the array and its views", (_, use) => {
    const a = zeros([2, 2]);
    const view = a.rows(0, 2);
    a.free();
    expect(() => use(a)).toThrow(freed);
    expect(() => use(view)).toThrow(freed);
  });

  test.each<[string, (a: NDArray) => unknown]>([
    ["toArray", (a) => a.toArray()],
    ["copy", (a) => a.copy()],
    ["T", (a) => a.T],
    ["an operation", (a) => mul(a, 2)],
    ["a product", (a) => matmul(a, a)],
    ["a reduction over an axis", (a) => sum(a, { axis: 0 })],
  ])("makes %s an error for an empty array too", (_, use) => {
    const a = zeros([0, 0]);
    a.free();
    expect(() => use(a)).toThrow(freed);
  });
});

describe("using and Symbol.dispose", () => {
  test("free at the end of the block what was not freed before", () => {
    const before = usage();
    {
      using a = zeros([3, 3]);
      using b = zeros([3, 3]);
      b.free();
      expect(usage().arrays).toBe(before.arrays + 1);
      expect(a.item(0, 0)).toBe(0);
    }
    expect(usage()).toEqual(before);
  });

  test("free the array of a view", () => {
    const before = usage();
    {
      using _view = zeros([3, 4]).T;
    }
    expect(usage()).toEqual(before);
  });
});

describe("scope", () => {
  test("frees what was made in it and leaves alone what was made before", () => {
    const outside = array([1, 2]);
    const before = usage();
    let inside: NDArray | undefined;
    const result = scope(() => {
      inside = mul(outside, 2);
      return sum(inside);
    });
    expect(result).toBe(6);
    expect(usage()).toEqual(before);
    expect(() => inside?.data).toThrow(freed);
    expect(outside.toArray()).toEqual([1, 2]);
    outside.free();
  });

  test.each<[string, (a: NDArray) => unknown]>([
    ["itself", (a) => a],
    ["through a view", (a) => a.T.columns(0, 1)],
    ["in an array", (a) => [1, [a]]],
    ["in an object", (a) => ({ deep: { a }, other: null })],
    ["in an object without a prototype", (a) => Object.assign(Object.create(null), { a })],
    ["in a cycle", (a) => cycle(a)],
  ])("keeps what is returned %s", (_, wrap) => {
    const before = usage();
    let kept: NDArray | undefined;
    scope(() => {
      zeros(1000);
      kept = array([
        [1, 2],
        [3, 4],
      ]);
      return wrap(kept);
    });
    expect(usage()).toEqual({ used: before.used + 16, arrays: before.arrays + 1 });
    expect(kept?.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    kept?.free();
  });

  test("nested in another gives it what it returns", () => {
    const before = usage();
    scope(() => {
      const inner = scope(() => {
        zeros(5);
        return zeros(6);
      });
      expect(inner.size).toBe(6);
      expect(usage().arrays).toBe(before.arrays + 1);
    });
    expect(usage()).toEqual(before);
  });

  test("keeps nothing when it throws, and passes the error on", () => {
    const before = usage();
    const error = new Error("of the body");
    const outer = scope(() => {
      const a = zeros(3);
      expect(() =>
        scope(() => {
          zeros(4);
          throw error;
        }),
      ).toThrow(error);
      expect(usage().arrays).toBe(before.arrays + 1);
      return a;
    });
    outer.free();
    expect(usage()).toEqual(before);
  });

  test("keeps nothing of a result that cannot be looked through, and stays usable", () => {
    const before = usage();
    const result = () => ({
      a: zeros(3),
      get b(): number {
        throw new Error("of the getter");
      },
    });
    expect(() => scope(result)).toThrow("of the getter");
    expect(usage()).toEqual(before);
    const after = zeros(3);
    scope(() => zeros(4));
    expect(after.toArray()).toEqual([0, 0, 0]);
    after.free();
  });

  test("refuses a promise and frees what was made until then", async () => {
    const before = usage();
    expect(() => scope(async () => zeros(3))).toThrow("scope: body returned a promise; expected a result.");
    expect(usage()).toEqual(before);
  });

  test("accepts that something in it was freed before its end", () => {
    const before = usage();
    scope(() => {
      const a = zeros(3);
      a.free();
      const b = zeros(3);
      return b.free();
    });
    expect(usage()).toEqual(before);
  });
});

describe("the collector", () => {
  test("gives back the bytes of arrays that nothing refers to", async () => {
    const before = await quietUsage();
    (() => {
      for (let i = 0; i < 200; i++) zeros([10, 10]).T.columns(0, 3);
    })();
    expect(await quietUsage()).toEqual(before);
  });

  test("does not give back twice what was freed", async () => {
    const before = await quietUsage();
    (() => {
      for (let i = 0; i < 200; i++) zeros([10, 10]).free();
      scope(() => void zeros(7));
    })();
    expect(usage()).toEqual(before);
    expect(await quietUsage()).toEqual(before);
  });

  test("does not give back a second time what is freed after the turn that made it", async () => {
    const before = await quietUsage();
    const made = Array.from({ length: 2000 }, () => zeros([10, 10]));
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const a of made.splice(0)) a.free();
    expect(await quietUsage()).toEqual(before);
  });

  test("leaves an array alone that is held only through a view", async () => {
    const before = await quietUsage();
    const view = (() =>
      array([
        [1, 2, 3],
        [4, 5, 6],
      ]).T.rows(1, 3))();
    expect((await quietUsage()).arrays).toBe(before.arrays + 1);
    const other = zeros([2, 3]);
    expect(view.toArray()).toEqual([
      [2, 5],
      [3, 6],
    ]);
    for (const a of [view, other]) a.free();
    expect(usage()).toEqual(before);
  });
});

/** An object that holds `a` and itself. */
function cycle(a: NDArray): object {
  const object: { a: NDArray; self?: object } = { a };
  object.self = object;
  return object;
}
