/** The option out: what it may be, and when it may share memory with an input. */
import { describe, expect, test } from "vitest";
import { add, array, exp, matmul, mul, type NDArray, type NestedNumbers, ones, zeros } from "../src/index.ts";
import { expectRejected } from "./usage.ts";

const nine = () =>
  array([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ]);

describe("out that overlaps an input", () => {
  test.each<[string, (a: NDArray) => unknown]>([
    ["a transpose", (a) => add(a, 1, { out: a.T })],
    ["a transpose of the second", (a) => add(ones([3, 3]), a.T, { out: a })],
    ["a neighbouring row", (a) => exp(a.rows(0, 2), { out: a.rows(1, 3) })],
    ["a neighbouring column", (a) => exp(a.columns(0, 2), { out: a.columns(1, 3) })],
    ["columns between its own", (a) => exp(a.columns(0, 1), { out: a.columns(1, 2) })],
    ["a row that is repeated", (a) => add(a, a.rows(0, 1), { out: a })],
    ["a column that is repeated", (a) => add(a, a.columns(0, 1), { out: a })],
    ["the first factor", (a) => matmul(a, ones([3, 3]), { out: a })],
    ["the second factor", (a) => matmul(ones([3, 3]), a, { out: a })],
    ["a transposed factor", (a) => matmul(a.T, ones([3, 3]), { out: a })],
    ["part of a factor", (a) => matmul(a.rows(0, 1), ones([3, 3]), { out: a.rows(0, 1) })],
  ])("in %s is rejected before anything is written", (_, act) => {
    const a = nine();
    const values = a.toArray();
    expect(() => act(a)).toThrow(/^(add|exp|matmul): out overlaps an input/);
    expect(a.toArray()).toEqual(values);
  });

  test.each<[string, (a: NDArray) => unknown, NestedNumbers]>([
    [
      "the very same",
      (a) => add(a, a, { out: a }),
      [
        [0, 2, 4],
        [6, 8, 10],
        [12, 14, 16],
      ],
    ],
    [
      "another view of the same",
      (a) => mul(2, a.T.T, { out: a }),
      [
        [0, 2, 4],
        [6, 8, 10],
        [12, 14, 16],
      ],
    ],
    [
      "a transposed result of a transpose",
      (a) => mul(2, a.T, { out: a.T }),
      [
        [0, 2, 4],
        [6, 8, 10],
        [12, 14, 16],
      ],
    ],
    [
      "a row, made another way",
      (a) => mul(2, a.rows(1, 2), { out: a.reshape(9).reshape(3, 3).rows(1, 2) }),
      [
        [0, 1, 2],
        [6, 8, 10],
        [6, 7, 8],
      ],
    ],
    [
      "a row with another stride where it has one element",
      (a) => mul(2, a.rows(1, 2), { out: a.rows(1, 2).reshape(3).reshape(1, 3) }),
      [
        [0, 1, 2],
        [6, 8, 10],
        [6, 7, 8],
      ],
    ],
    [
      "rows of which one ends where the other starts",
      (a) => add(a.rows(0, 1), 10, { out: a.rows(1, 2) }),
      [
        [0, 1, 2],
        [10, 11, 12],
        [6, 7, 8],
      ],
    ],
    [
      "rows, the result before the input",
      (a) => add(a.rows(1, 2), 10, { out: a.rows(0, 1) }),
      [
        [13, 14, 15],
        [3, 4, 5],
        [6, 7, 8],
      ],
    ],
    [
      "rows of a product",
      (a) => matmul(a.rows(0, 1), ones([3, 3]), { out: a.rows(2, 3) }),
      [
        [0, 1, 2],
        [3, 4, 5],
        [3, 3, 3],
      ],
    ],
  ])("in %s is fine, and right", (_, act, expected) => {
    const a = nine();
    act(a);
    expect(a.toArray()).toEqual(expected);
  });
});

test("any option but out is rejected by every kind of operation", () => {
  const wrong = { into: zeros(3) } as object;
  const [a, m] = [ones(3), ones([1, 1])];
  for (const act of [() => add(a, 1, wrong), () => exp(a, wrong), () => matmul(m, m, wrong)]) {
    expectRejected(act, (error) =>
      expect(String(error)).toContain('option "into" does not exist; expected "out".'),
    );
  }
});

describe("out", () => {
  test.each<[string, () => unknown, string]>([
    ["has another shape", () => add(ones(3), 1, { out: ones([1, 3]) }), "add: out is (1, 3); expected (3)."],
    [
      "is too small for what is broadcast",
      () => add(ones([2, 3]), ones(3), { out: ones(3) }),
      "add: out is (3); expected (2, 3).",
    ],
    ["is larger than the result", () => add(ones(1), 1, { out: ones(3) }), "add: out is (3); expected (1)."],
    [
      "has the shape of the product's transpose",
      () => matmul(ones([2, 3]), ones([3, 4]), { out: ones([4, 2]) }),
      "matmul: out is (4, 2); expected (2, 4).",
    ],
    ["has another dtype", () => exp(ones(3), { out: ones(3, { dtype: "f64" }) }), "exp: out is f64; expected f32."],
    [
      "is a number",
      () => exp(ones(3), { out: 3 as unknown as NDArray }),
      "exp: out is 3; expected an NDArray. array(…) makes one.",
    ],
    [
      "is 0",
      () => exp(ones(3), { out: 0 as unknown as NDArray }),
      "exp: out is 0; expected an NDArray. array(…) makes one.",
    ],
    [
      "is null",
      () => exp(ones(3), { out: null as unknown as NDArray }),
      "exp: out is null; expected an NDArray. array(…) makes one.",
    ],
    [
      "is an array of JavaScript",
      () => exp(ones(3), { out: [1] as unknown as NDArray }),
      "exp: out is an array of 1; expected an NDArray. array(…) makes one.",
    ],
  ])("that %s is rejected", (_, act, message) => {
    expect(act).toThrow(message);
  });

  test("that was freed is rejected", () => {
    const out = zeros(3);
    const a = ones(3);
    out.free();
    expectRejected(
      () => exp(a, { out }),
      (error) => expect(String(error)).toContain("the array (3) was freed"),
    );
  });

  test("may be empty", () => {
    const out = zeros([0, 3]);
    expect(add(zeros([0, 1]), ones(3), { out })).toBe(out);
  });
});
