import { describe, expect, test } from "vitest";
import { type ArrayInput, array, full, type NestedNumbers, ones, type TypedArray, zeros } from "../src/index.ts";
import { expectRejected } from "./usage.ts";

describe("array", () => {
  test.each<[string, ArrayInput, "f32" | "f64", number[], NestedNumbers]>([
    ["a number", 2.5, "f32", [], 2.5],
    ["a list", [1, 2], "f32", [2], [1, 2]],
    ["nothing", [], "f32", [0], []],
    ["rows of nothing", [[], [], []], "f32", [3, 0], [[], [], []]],
    ["four levels", [[[[1], [2]]]], "f32", [1, 1, 2, 1], [[[[1], [2]]]]],
    ["a Float32Array", Float32Array.of(1, 2), "f32", [2], [1, 2]],
    ["a Float64Array", Float64Array.of(0.1, 2), "f64", [2], [0.1, 2]],
    ["shaped f64", { data: Float64Array.of(1, 2), shape: [2, 1] }, "f64", [2, 1], [[1], [2]]],
    ["shaped integers", { data: Int8Array.of(1, -2), shape: [1, 2] }, "f32", [1, 2], [[1, -2]]],
    ["an f32 array", array([1, 2]), "f32", [2], [1, 2]],
    ["an f64 array", array([0.1], { dtype: "f64" }), "f64", [1], [0.1]],
    [
      "a transpose",
      array([
        [1, 2],
        [3, 4],
      ]).T,
      "f32",
      [2, 2],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      "columns",
      array([
        [1, 2],
        [3, 4],
      ]).columns(1, 2),
      "f32",
      [2, 1],
      [[2], [4]],
    ],
  ])("of %s has its values, shape and dtype", (_, values, dtype, shape, nested) => {
    const a = array(values);
    expect([a.dtype, a.shape, a.toArray()]).toEqual([dtype, shape, nested]);
    const f64 = array(values, { dtype: "f64" });
    expect([f64.dtype, f64.shape, f64.toArray()]).toEqual(["f64", shape, nested]);
    expect(array(values, { dtype: "f32" }).dtype).toBe("f32");
  });

  test.each<[string, TypedArray, number[]]>([
    ["Int8Array", Int8Array.of(-128, 127, 0, 1), [-128, 127, 0, 1]],
    ["Uint8Array", Uint8Array.of(255, 0, 1, 2), [255, 0, 1, 2]],
    ["Uint8ClampedArray", Uint8ClampedArray.of(300, 0, 1, 2), [255, 0, 1, 2]],
    ["Int16Array", Int16Array.of(-32768, 32767, 0, 1), [-32768, 32767, 0, 1]],
    ["Uint16Array", Uint16Array.of(65535, 0, 1, 2), [65535, 0, 1, 2]],
    ["Int32Array", Int32Array.of(-(2 ** 31), 2 ** 30, 0, 1), [-(2 ** 31), 2 ** 30, 0, 1]],
    ["Uint32Array", Uint32Array.of(2 ** 31, 0, 1, 2), [2 ** 31, 0, 1, 2]],
    ["Float32Array", Float32Array.of(0.5, NaN, Infinity, -0), [0.5, NaN, Infinity, -0]],
    ["Float64Array", Float64Array.of(0.5, NaN, Infinity, -0), [0.5, NaN, Infinity, -0]],
  ])("takes a %s in row-major order, with its own shape or one given", (_, values, numbers) => {
    expect(array(values).toArray()).toEqual(numbers);
    expect(array(values, { shape: [2, 2] }).toArray()).toEqual([numbers.slice(0, 2), numbers.slice(2)]);
    expect(array({ data: values, shape: [4, 1] }, { shape: [1, 4] }).toArray()).toEqual([numbers]);
    expect(array(values.subarray(1, 3), { dtype: "f64" }).toArray()).toEqual(numbers.slice(1, 3));
  });

  test("takes another shape for nested numbers and arrays, in row-major order", () => {
    const values = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const expected = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(array(values, { shape: [3, 2] }).toArray()).toEqual(expected);
    expect(array(array(values), { shape: [3, 2] }).toArray()).toEqual(expected);
    expect(array(array(values).T, { shape: [6] }).toArray()).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("rounds to the dtype and keeps what is no ordinary number", () => {
    expect(array([0.1, 1e39, -0, NaN]).toArray()).toEqual([Math.fround(0.1), Infinity, -0, NaN]);
    expect(array([0.1, 1e39, -0, NaN], { dtype: "f64" }).toArray()).toEqual([0.1, 1e39, -0, NaN]);
  });

  test("copies: what it was made from may change afterwards", () => {
    const source = Float32Array.of(1, 2);
    const given = array([1, 2]);
    const copies = [array(source), array(given), array({ data: source, shape: [2] })];
    source.fill(9);
    given.data.fill(9);
    expect(copies.map((copy) => copy.toArray())).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  test("does not take over a shape that someone may change", () => {
    const shape = [2];
    const arrays = [
      array(Float32Array.of(1, 2), { shape }),
      zeros(shape),
      array({ data: Int8Array.of(1, 2), shape }),
    ];
    shape[0] = 7;
    expect(arrays.map((a) => a.shape)).toEqual([[2], [2], [2]]);
  });

  test.each<[string, unknown, string]>([
    ["a string", "12", 'values is "12"; expected an NDArray'],
    ["nothing", undefined, "values is undefined"],
    ["null", null, "values is null"],
    ["a bigint", 3n, "values is 3n"],
    ["a function", () => 1, "values is a function"],
    ["a set", new Set([1]), "values is an object (Set)"],
    ["a promise", Promise.resolve(1), "values is an object (Promise)"],
    ["an object without data", { shape: [1] }, "values is an object (Object)"],
    ["an object with a list as data", { data: [1], shape: [1] }, "values is an object (Object)"],
    ["an object without a class", Object.create(null), "values is an object (no class)"],
    ["bigints", BigInt64Array.of(1n), "values is an object (BigInt64Array)"],
    ["no bigints", new BigUint64Array(0), "values is an object (BigUint64Array)"],
    ["raw bytes", new ArrayBuffer(8), "values is an object (ArrayBuffer)"],
    ["a view of bytes", new DataView(new ArrayBuffer(8)), "values is an object (DataView)"],
    ["a string within", [1, "2"], 'values[1] is "2"; expected a number.'],
    ["an empty string within", [""], 'values[0] is ""; expected a number.'],
    ["null within", [[1, null]], "values[0][1] is null; expected a number."],
    ["undefined within", [[1], [undefined]], "values[1][0] is undefined; expected a number."],
    ["a hole", Array(2), "values[0] is undefined; expected a number."],
    ["a true within", [true], "values[0] is true; expected a number."],
    ["a bigint within", [1n], "values[0] is 1n; expected a number."],
    ["an array of the library within", [zeros(2)], "values[0] is an object (NDArray); expected a number."],
    ["a typed array within", [[1, 2], Float32Array.of(1, 2)], "values[1] is an object (Float32Array)"],
    ["a shorter row", [[1, 2], [3]], "values[1] is an array of 1; expected an array of 2"],
    ["a longer row", [[1], [3, 4]], "values[1] is an array of 2; expected an array of 1"],
    ["a number for a row", [[1, 2], 3], "values[1] is 3; expected an array of 2"],
    ["a row for a number", [1, [2]], "values[1] is an array of 1; expected a number"],
    ["a hole for a row", [[1], undefined], "values[1] is undefined; expected an array of 1"],
    [
      "unequal depth further in",
      [
        [[1], [2]],
        [[3], 4],
      ],
      "values[1][1] is 4; expected an array of 1",
    ],
    ["a short row after deeper ones", [[[1, 2]], []], "values[1] is an array of 0; expected an array of 1"],
    ["a text after deeper ones", [[[1, 2]], [[3, "4"]]], 'values[1][0][1] is "4"; expected a number.'],
  ])("rejects %s", (_, values, message) => {
    for (const options of [{}, { dtype: "f64" as const }, { shape: [1] }]) {
      expectRejected(
        () => array(values as ArrayInput, options),
        (error) => expect(String(error)).toContain(`array: ${message}`),
      );
    }
  });

  test("rejects lists that contain themselves", () => {
    const [one, two]: [unknown[], unknown[]] = [[], []];
    one.push(one);
    two.push(two, two);
    expect(() => array(one as number[])).toThrow("is an array of 1; expected a number, like its neighbours.");
    expect(() => array(two as number[])).toThrow("array: shape (2, 2, 2");
  });

  test("counts sizes before it takes room for them", () => {
    const long = new Array(2 ** 31);
    expect(() => array([long])).toThrow("array: shape (1, 2147483648) takes 8589934592 bytes");
  });
});

describe("zeros, ones and full", () => {
  test.each([
    ["zeros", zeros, 0],
    ["ones", ones, 1],
  ] as const)("%s are f32 unless told, and hold nothing else after other arrays were freed", (_, make, value) => {
    const used = full([5, 5], NaN, { dtype: "f64" });
    used.free();
    expect(make([2, 2]).toArray()).toEqual([
      [value, value],
      [value, value],
    ]);
    expect([make(3).dtype, make(3, { dtype: "f64" }).dtype, make([]).item()]).toEqual(["f32", "f64", value]);
    expect(make(3).shape).toEqual([3]);
  });

  test("full holds any number, rounded to its dtype", () => {
    expect(full([1, 2], 0.1).toArray()).toEqual([[Math.fround(0.1), Math.fround(0.1)]]);
    expect(full(2, -Infinity, { dtype: "f64" }).toArray()).toEqual([-Infinity, -Infinity]);
  });

  test.each<unknown>(["1", null, undefined, 1n, [[1]]])("full rejects %s as its value", (value) => {
    expectRejected(
      () => full(2, value as number),
      (error) => expect(String(error)).toMatch(/^TypeError: full: value is .*; expected a number\.$/),
    );
  });
});
