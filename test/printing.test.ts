import { inspect } from "node:util";
import { expect, test } from "vitest";
import { arange, array, type NDArray, ones, zeros } from "../src/index.ts";

const lines = (...text: string[]): string => text.join("\n");

test.each<[what: string, a: () => NDArray, text: string]>([
  ["a number", () => array(5), "array(5., dtype f32, shape ())"],
  ["a vector", () => array([1, 2.5, -3]), "array([ 1. ,  2.5, -3. ], dtype f32, shape (3))"],
  [
    "a matrix in aligned columns",
    () =>
      array([
        [1, 2],
        [3, 100.25],
      ]),
    lines("array([[  1.  ,   2.  ],", "       [  3.  , 100.25]], dtype f32, shape (2, 2))"),
  ],
  [
    "a transpose",
    () =>
      array([
        [1, 2],
        [3, 4],
      ]).T,
    lines("array([[1., 3.],", "       [2., 4.]], dtype f32, shape (2, 2))"),
  ],
  [
    "a cube, its matrices apart",
    () => arange(8, undefined, 1, { dtype: "f64" }).reshape(2, 2, 2),
    lines(
      "array([[[0., 1.],",
      "        [2., 3.]],",
      "",
      "       [[4., 5.],",
      "        [6., 7.]]], dtype f64, shape (2, 2, 2))",
    ),
  ],
  [
    "what rounds to a whole number",
    () => array([3.0000000000001], { dtype: "f64" }),
    "array([3.], dtype f64, shape (1))",
  ],
  ["digits that f32 has", () => array([0.1, 1 / 3]), "array([0.1      , 0.3333333], dtype f32, shape (2))"],
  [
    "digits of f64, to eight",
    () => array([0.1, 1 / 3, 2], { dtype: "f64" }),
    "array([0.1       , 0.33333333, 2.        ], dtype f64, shape (3))",
  ],
  [
    "whole numbers with all digits",
    () => array([16777216, 12345678], { dtype: "f64" }),
    "array([16777216., 12345678.], dtype f64, shape (2))",
  ],
  [
    "large and small numbers",
    () => array([1e30, 1.5e-9], { dtype: "f64" }),
    "array([1e+30     ,     1.5e-9], dtype f64, shape (2))",
  ],
  [
    "what is no number",
    () => array([NaN, Infinity, -1]),
    "array([     NaN , Infinity ,       -1.], dtype f32, shape (3))",
  ],
  [
    "the ends of a long vector",
    () => arange(100),
    "array([ 0.,  1.,  2., ..., 97., 98., 99.], dtype f32, shape (100))",
  ],
  [
    "twelve in full",
    () => zeros(12),
    "array([0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.], dtype f32, shape (12))",
  ],
  [
    "the corners of a large matrix",
    () => ones([13, 13]),
    lines(
      "array([[1., 1., 1., ..., 1., 1., 1.],",
      "       [1., 1., 1., ..., 1., 1., 1.],",
      "       [1., 1., 1., ..., 1., 1., 1.],",
      "       ...,",
      "       [1., 1., 1., ..., 1., 1., 1.],",
      "       [1., 1., 1., ..., 1., 1., 1.],",
      "       [1., 1., 1., ..., 1., 1., 1.]], dtype f32, shape (13, 13))",
    ),
  ],
  ["nothing", () => zeros([0, 3]), "array([], dtype f32, shape (0, 3))"],
])("String() shows %s", (_, a, text) => {
  expect(String(a())).toBe(text);
});

test("of more than 1000 elements each axis longer than 6 shows its ends", () => {
  const text = String(zeros([11, 10, 10]));
  expect(text.split("...")).toHaveLength(1 + 1 + 6 + 36);
});

test("Node's console shows the same, also within objects, and freed arrays as such", () => {
  const a = array([1, 2]);
  expect(inspect(a)).toBe(String(a));
  expect(inspect({ a })).toBe(`{ a: ${a} }`);
  a.free();
  expect(inspect(a)).toBe("array(freed, dtype f32, shape (2))");
});
