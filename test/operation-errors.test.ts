/** Every message about operations and reductions, word for word. */
import {
  add,
  allClose,
  array,
  concatenate,
  dot,
  exp,
  greater,
  matmul,
  max,
  meshgrid,
  ones,
  power,
  square,
  sum,
  where,
  zeros,
} from "../src/index.ts";
import { type Row, testErrors, wrong } from "./error-rows.ts";

const grid = ones([2, 3]);
const square2 = ones([2, 2]);
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
    () => add(square2, 1, { out: square2.T }),
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
  [
    "a comparison with nested arrays, the second named as the second",
    () => greater(grid, wrong([1])),
    TypeError,
    "greater: b is an array of 1; expected an NDArray. array(…) makes one.",
  ],
  [
    "a comparison of shapes that do not broadcast, the first named first",
    () => greater(ones([2, 3]), ones([2, 2])),
    RangeError,
    "greater: a is (2, 3) and b is (2, 2); expected extents that are equal or 1, from right to left.",
  ],
  [
    "a power of numbers",
    () => power(3, 2),
    TypeError,
    "power: a and b are numbers; expected at least one NDArray.",
  ],
  [
    "the square of a number",
    () => square(wrong(3)),
    TypeError,
    "square: a is 3; expected an NDArray. array(…) makes one.",
  ],
  [
    "a condition that is a number",
    () => where(wrong(true), grid, grid),
    TypeError,
    "where: condition is true; expected an NDArray. array(…) makes one.",
  ],
  [
    "a choice that is none",
    () => where(grid, grid, wrong(undefined)),
    TypeError,
    "where: b is undefined; expected an NDArray. array(…) makes one.",
  ],
  [
    "a choice of another dtype",
    () => where(ones(3), single, 0),
    TypeError,
    'where: a is f64 and condition is f32; expected one dtype. astype("f32") converts a.',
  ],
  [
    "choices that do not broadcast",
    () => where(grid, square2, grid),
    RangeError,
    "where: a is (2, 2) and b is (2, 3); expected extents that are equal or 1, from right to left.",
  ],
  [
    "a condition that does not broadcast with the choices",
    () => where(square2, grid, 0),
    RangeError,
    "where: condition is (2, 2) and a with b is (2, 3); expected extents that are equal or 1, from right to left.",
  ],
  [
    "arrays to join that are no list",
    () => concatenate(wrong(grid)),
    TypeError,
    "concatenate: arrays is an object (NDArray); expected an array of at least one NDArray.",
  ],
  [
    "no arrays to join",
    () => concatenate([]),
    TypeError,
    "concatenate: arrays is an array of 0; expected an array of at least one NDArray.",
  ],
  [
    "something else among arrays to join",
    () => concatenate([grid, wrong(1)]),
    TypeError,
    "concatenate: arrays[1] is 1; expected an NDArray. array(…) makes one.",
  ],
  [
    "joining two dtypes",
    () => concatenate([ones(3), single]),
    TypeError,
    'concatenate: arrays[0] is f32 and arrays[1] is f64; expected one dtype. astype("f64") converts arrays[0].',
  ],
  [
    "joining arrays of other extents",
    () => concatenate([grid, square2, grid], { axis: 0 }),
    RangeError,
    "concatenate: arrays[0] is (2, 3) and arrays[1] is (2, 2); expected equal shapes but for axis 0.",
  ],
  [
    "joining numbers",
    () => concatenate([array(1), array(2)]),
    RangeError,
    "concatenate: axis is 0; expected none, the array has no axes.",
  ],
  [
    "joining into another shape",
    () => concatenate([grid, grid], { out: grid }),
    RangeError,
    "concatenate: out is (2, 3); expected (4, 3).",
  ],
  [
    "a grid of a list",
    () => meshgrid(wrong([1]), grid),
    TypeError,
    "meshgrid: x is an array of 1; expected an NDArray. array(…) makes one.",
  ],
  [
    "a negative tolerance",
    () => allClose(grid, grid, { atol: -1 }),
    RangeError,
    "allClose: atol is -1; expected a finite number >= 0.",
  ],
  [
    "a tolerance under NumPy's other name",
    () => allClose(grid, grid, wrong({ equal_nan: true })),
    TypeError,
    'allClose: option "equal_nan" does not exist; expected "rtol", "atol" or "equalNaN". Did you mean "equalNaN"?',
  ],
];

testErrors(operations);
