/** Shapes that nothing can have. */
import { describe, expect, test } from "vitest";
import { array, full, ones, zeros } from "../src/index.ts";
import { expectRejected } from "./usage.ts";

describe("a shape", () => {
  const bad: [string, unknown, string][] = [
    ["negative", [2, -3], "shape is (2, -3); expected whole numbers >= 0."],
    ["negative twice", [-2, -3], "shape is (-2, -3); expected whole numbers >= 0."],
    ["open", [-1], "shape is (-1); expected whole numbers >= 0."],
    ["fractional", [1.5, 4], "shape is (1.5, 4); expected whole numbers >= 0."],
    ["not a number", [NaN], "shape is (NaN); expected whole numbers >= 0."],
    ["infinite", [Infinity], "shape is (Infinity); expected whole numbers >= 0."],
    ["a string", "23", 'shape is "23"; expected an array of whole numbers.'],
    ["null", null, "shape is null; expected an array of whole numbers."],
    ["of strings", ["2"], 'shape has "2"; expected whole numbers.'],
    ["of bigints", [2n], "shape has 2n; expected whole numbers."],
    ["of holes", Array(1), "shape has undefined; expected whole numbers."],
    ["nested", [[6]], "shape has an array of 1; expected whole numbers."],
    ["typed", Int32Array.of(6), "shape is an object (Int32Array); expected an array of whole numbers."],
    [
      "over 4 GB",
      [2 ** 16, 2 ** 14],
      "shape (65536, 16384) takes 4294967296 bytes; expected less than 4294967296.",
    ],
  ];

  test.each(bad)("that is %s is rejected by everything that makes an array", (_, given, message) => {
    const shape = given as number[];
    const six = zeros(6);
    const makers: [string, () => unknown][] = [
      ["zeros", () => zeros(shape)],
      ["ones", () => ones(shape)],
      ["full", () => full(shape, 1)],
      ["array", () => array(new Float32Array(6), { shape })],
      ["array", () => array(six, { shape })],
      ["array", () => array([1, 2, 3, 4, 5, 6], { shape })],
      ["array", () => array({ data: new Float32Array(6), shape })],
    ];
    for (const [who, make] of makers) {
      expectRejected(make, (error) => expect((error as Error).message).toBe(`${who}: ${message}`));
    }
  });

  test("over 4 GB depends on the dtype, and 0 elements never are", () => {
    expect(() => zeros([2 ** 15, 2 ** 14], { dtype: "f64" })).toThrow("takes 4294967296 bytes");
    expect(zeros([2 ** 20, 0, 2 ** 20]).size).toBe(0);
  });

  test.each([
    ["too few", [1, 2, 3], [2, 2], 4],
    ["too many", [1, 2, 3], [1, 2], 2],
    ["some for none", [1], [0], 0],
    ["none for one", [], [], 1],
  ])("for %s values is rejected", (_, values, shape, size) => {
    const message = `array: shape is (${shape.join(", ")}) and there are ${values.length} values; expected ${size}.`;
    for (const source of [values, Float64Array.from(values), array(values)]) {
      expectRejected(
        () => array(source, { shape }),
        (error) => expect((error as Error).message).toBe(message),
      );
    }
  });
});
