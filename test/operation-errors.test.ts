/** Every message about operations and reductions, word for word. */
import { add, array, dot, exp, matmul, max, ones, sum, zeros } from "../src/index.ts";
import { type Row, testErrors, wrong } from "./error-rows.ts";

const grid = ones([2, 3]);
const square = ones([2, 2]);
const single = ones(3, { dtype: "f64" });

const operations: Row[] = [
  [
    "an operand that is no array",
    () => exp(wrong([1, 2])),
    TypeError,
    "exp: a is an array of 2; expected an NDArray. array(…) makes one.",
  ],
  ["numbers only", () => add(1, 2), TypeError, "add: a and b are numbers; expected at least one NDArray."],
  [
    "two dtypes",
    () => dot(ones(3), single),
    TypeError,
    'dot: a is f32 and b is f64; expected one dtype. astype("f64") converts a.',
  ],
  [
    "shapes that do not broadcast",
    () => add(ones([2, 3]), ones([3, 2])),
    RangeError,
    "add: a is (2, 3) and b is (3, 2); expected extents that are equal or 1, from right to left.",
  ],
  [
    "shapes of unequal rank that do not",
    () => add(ones([2, 3]), ones(2)),
    RangeError,
    "add: a is (2, 3) and b is (2); expected extents that are equal or 1, from right to left. Missing axes are added on the left.",
  ],
  ["out of another dtype", () => exp(ones(3), { out: single }), TypeError, "exp: out is f64; expected f32."],
  [
    "out of another shape",
    () => exp(ones(3), { out: ones([3, 1]) }),
    RangeError,
    "exp: out is (3, 1); expected (3).",
  ],
  [
    "out over an input",
    () => add(square, 1, { out: square.T }),
    RangeError,
    "add: out overlaps an input; expected memory of its own. Leave out out, or give it an array made for it.",
  ],
  [
    "a factor that is no matrix",
    () => matmul(ones([2, 3]), ones(3)),
    RangeError,
    "matmul: b is (3); expected 2 axes. reshape(1, 3) is a row, reshape(3, 1) a column.",
  ],
  [
    "factors that do not fit",
    () => matmul(ones([64, 3]), ones([10, 4])),
    RangeError,
    "matmul: a is (64, 3) and b is (10, 4); expected a's columns (3) to equal b's rows (10).",
  ],
  [
    "a second factor that would fit transposed",
    () => matmul(ones([64, 3]), ones([10, 3])),
    RangeError,
    "matmul: a is (64, 3) and b is (10, 3); expected a's columns (3) to equal b's rows (10). b.T is (3, 10) and would fit.",
  ],
  [
    "a first factor that would fit transposed",
    () => matmul(ones([3, 64]), ones([3, 10])),
    RangeError,
    "matmul: a is (3, 64) and b is (3, 10); expected a's columns (64) to equal b's rows (3). a.T is (64, 3) and would fit.",
  ],
  [
    "a matrix for a vector",
    () => dot(ones([2, 3]), ones(3)),
    RangeError,
    "dot: a is (2, 3); expected a vector. matmul multiplies matrices.",
  ],
  [
    "vectors of unequal length",
    () => dot(ones([3, 1]), ones(4)),
    RangeError,
    "dot: a is (3, 1) and b is (4); expected vectors of one length.",
  ],
  [
    "an axis that is no number",
    () => sum(grid, { axis: wrong("0") }),
    TypeError,
    'sum: axis is "0"; expected a whole number.',
  ],
  [
    "an axis that the array lacks",
    () => sum(grid, { axis: 2 }),
    RangeError,
    "sum: axis is 2; expected -2 to 1 for an array (2, 3).",
  ],
  [
    "an axis of a number",
    () => sum(array(5), { axis: 0 }),
    RangeError,
    "sum: axis is 0; expected none, the array has no axes.",
  ],
  [
    "the largest of nothing",
    () => max(zeros([0, 3])),
    RangeError,
    "max: a is (0, 3); expected at least one element to choose from.",
  ],
];

testErrors(operations);
