/** Gradients of functions, and whether they are checked. */
import { describe, expect, test } from "vitest";
import {
  add,
  checkGradients,
  dot,
  gradients,
  mul,
  relu,
  square,
  sum,
  tanh,
  Variable,
  variable,
} from "../../src/graph.ts";
import { array, type NDArray, neg, ones, scope } from "../../src/index.ts";
import { expectRejected, usage } from "../usage.ts";

describe("gradients", () => {
  test("takes arrays and numbers and returns arrays of their shapes", () => {
    const [da, db, dc] = gradients((a, b, c) => mul(3, add(a, mul(b, c))))(5, 3, 2);
    expect([da!, db!, dc!].map((g) => g.item())).toEqual([3, 6, 9]);
    const [dw, dx] = gradients((w, x) => dot(w, x))(Float64Array.of(1, 2), [3, 4]);
    expect([dw!.toArray(), dx!.toArray(), dw!.dtype, dx!.dtype]).toEqual([[3, 4], [1, 2], "f64", "f64"]);
  });

  test("is 0 for arguments that do not matter", () => {
    const [dx, dy] = gradients((x, _) => sum(x))([1, 2], [[3]]);
    expect([dx!.toArray(), dy!.toArray()]).toEqual([[1, 1], [[0]]]);
    expect(gradients((_) => sum([1, 2]))(ones([2, 2]))[0]!.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("leaves its arguments as they are, and no array but what it returns", () => {
    const x = array([1, 2, 3]);
    const before = usage();
    const result = gradients((x) => sum(tanh(square(x))))(x);
    expect(usage().arrays).toBe(before.arrays + 1);
    result[0]!.free();
    expect(usage()).toEqual(before);
    expect(x.toArray()).toEqual([1, 2, 3]);
    expectRejected(() => gradients((x) => square(x))(x));
  });

  test("of an argument given twice are those of each place", () => {
    const x = array([2]);
    const [da, db] = gradients((a, b) => sum(mul(square(a), b)))(x, x);
    expect([da!.item(), db!.item()]).toEqual([8, 4]);
  });
});

/** y = x² with a derivative that is wrong at one element. */
function wrongSquare(x: Variable, at: number, factor: number): Variable {
  const wrong = (g: NDArray): NDArray => {
    const slope = array(
      Float64Array.from(x.value.data, (v, i) => 2 * v * (i === at ? factor : 1)),
      { shape: x.shape },
    );
    return scope(() =>
      array(
        Float64Array.from(slope.data, (s, i) => s * g.data[i]!),
        { shape: x.shape },
      ),
    );
  };
  return new Variable(
    array(x.value.data.map((v) => v * v) as Float64Array, { shape: x.shape }),
    "square",
    [x],
    [wrong],
  );
}

describe("checkGradients", () => {
  const inputs = [
    [5],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ];

  test("finds a wrong derivative and where it is", () => {
    const { error, input, index, analytic, numeric } = checkGradients(
      (a, x) => sum(mul(a, wrongSquare(x, 5, 1.01))),
      inputs,
    );
    expect({ input, index }).toEqual({ input: 1, index: [1, 2] });
    expect(error).toBeCloseTo(0.01 / 1.01, 8);
    expect(analytic).toBeCloseTo(60.6, 8);
    expect(numeric).toBeCloseTo(60, 6);
  });

  test("finds none where it is right", () => {
    const right = (a: Variable, x: Variable): Variable => sum(mul(a, wrongSquare(x, 5, 1)));
    expect(checkGradients(right, inputs).error).toBeLessThan(1e-9);
  });

  test.each([
    [NaN, Infinity],
    [-1, 2],
  ])("says of a derivative off by the factor %d that the error is %d", (factor, error) => {
    expect(checkGradients((x) => sum(wrongSquare(x, 0, factor)), [[3]]).error).toBeCloseTo(error, 8);
  });

  test("sees a small derivative that is wrong beside a large cost", () => {
    const f = (x: Variable): Variable => add(100, mul(1e-3, sum(wrongSquare(x, 1, 2))));
    const { error, index } = checkGradients(f, [[1, 0.5]]);
    expect([index, error > 1e-3]).toEqual([[1], true]);
  });

  test("takes no noise for an error, at a minimum or where nothing matters", () => {
    expect(checkGradients((x) => sum(square(add(x, -1))), [[1, 1]]).error).toBeLessThan(1e-7);
    expect(checkGradients((x) => add(1e6, mul(0, sum(x))), [[1, 2]]).error).toBeLessThan(1e-7);
  });

  test("says at a kink that differences see half a step", () => {
    const { analytic, numeric } = checkGradients((x) => sum(relu(x)), [[-1, 0, 1]]);
    expect([analytic, numeric]).toEqual([0, 0.5]);
  });

  test("computes in f64 unless told, in f32 with the error of f32", () => {
    const types: string[] = [];
    const f = (x: Variable): Variable => {
      types.push(x.dtype);
      return sum(tanh(x));
    };
    expect(checkGradients(f, [[0.3, -1]]).error).toBeLessThan(1e-9);
    expect(new Set(types)).toEqual(new Set(["f64"]));
    const { error } = checkGradients(f, [array([0.3, -1])]);
    expect([types.at(-1), error < 1e-2, error > 1e-9]).toEqual(["f32", true, true]);
  });

  test("takes its step from whoever knows better", () => {
    const cube = (x: Variable): Variable => sum(mul(x, square(x)));
    // (x + h)³ − (x − h)³ over 2h is 3x² + h².
    expect(checkGradients(cube, [[1]], { step: 0.5 }).numeric).toBe(3.25);
  });

  test("moves elements of copies, not of arrays that f may see", () => {
    const x = array([1, 2, 3]);
    const { analytic, numeric } = checkGradients((v) => dot(v, x), [x], { step: 0.25 });
    expect(analytic).toBe(numeric);
  });

  test("leaves inputs and memory as they were", () => {
    const x = array([1, 2, 3]);
    const before = usage();
    checkGradients((x) => sum(square(x)), [x]);
    expect([usage(), x.toArray()]).toEqual([before, [1, 2, 3]]);
    expectRejected(() => checkGradients((x) => square(x), [x]));
  });
});

test("a variable is the array it is given, or one of its own", () => {
  const a = array([1, 2]);
  expect(variable(a).value).toBe(a);
  const wide = variable(a, { dtype: "f64", name: "w" });
  expect([wide.dtype, wide.name, wide.shape, String(wide)]).toEqual(["f64", "w", [2], "Variable(2) f64"]);
  expect([variable([[1]]).dtype, variable(Float64Array.of(1)).dtype, variable(3).shape]).toEqual([
    "f32",
    "f64",
    [],
  ]);
  neg(a, { out: a });
  expect([wide.item(0), variable(a).item(1)]).toEqual([1, -2]);
});
