/** Every message about arrays and the options of what makes them, word for word. */
import { add, arange, array, full, linspace, ones, Random, sum, zeros } from "../src/index.ts";
import { type Row, testErrors, wrong } from "./error-rows.ts";

const grid = ones([2, 3]);
const vector = ones(3);

const options: Row[] = [
  [
    "options that are none",
    () => zeros(2, wrong(3)),
    TypeError,
    "zeros: options is 3; expected an object with options.",
  ],
  [
    "an option that does not exist",
    () => add(1, grid, wrong({ axis: 1 })),
    TypeError,
    'add: option "axis" does not exist; expected "out".',
  ],
  [
    "an option with a typing error",
    () => sum(grid, wrong({ keepdim: true })),
    TypeError,
    'sum: option "keepdim" does not exist; expected "axis" or "keepDims". Did you mean "keepDims"?',
  ],
  [
    "a flag that is none",
    () => sum(grid, { keepDims: wrong(1) }),
    TypeError,
    "sum: keepDims is 1; expected true or false.",
  ],
  [
    "a dtype that is no text",
    () => array([1], { dtype: wrong(32) }),
    TypeError,
    'array: dtype is 32; expected "f32" or "f64".',
  ],
  [
    "a dtype that does not exist",
    () => grid.astype(wrong("i32")),
    RangeError,
    'NDArray.astype: dtype is "i32"; expected "f32" or "f64". Did you mean "f32"?',
  ],
  [
    "a dtype like none",
    () => ones(2, { dtype: wrong("double") }),
    RangeError,
    'ones: dtype is "double"; expected "f32" or "f64".',
  ],
  [
    "a bound that is no number",
    () => new Random(1).uniform(2, { low: wrong("0") }),
    TypeError,
    'Random.uniform: low is "0"; expected a number.',
  ],
  [
    "a bound that is not finite",
    () => new Random(1).uniform(2, { high: Infinity }),
    RangeError,
    "Random.uniform: high is Infinity; expected a finite number.",
  ],
  [
    "a negative deviation",
    () => new Random(1).normal(2, { std: -1 }),
    RangeError,
    "Random.normal: std is -1; expected a finite number >= 0.",
  ],
  [
    "a count that is no number",
    () => new Random(1).permutation(wrong([3])),
    TypeError,
    "Random.permutation: n is an array of 1; expected a whole number.",
  ],
  [
    "a fractional count",
    () => new Random(1).permutation(1.5),
    RangeError,
    "Random.permutation: n is 1.5; expected a whole number from 0 to 2147483647.",
  ],
  [
    "a seed that is no number",
    () => new Random(wrong(1n)),
    TypeError,
    "Random: seed is 1n; expected a whole number.",
  ],
  [
    "a negative seed",
    () => new Random(-1),
    RangeError,
    "Random: seed is -1; expected a whole number from 0 to 9007199254740991.",
  ],
];

const arrays: Row[] = [
  [
    "a shape that is none",
    () => zeros(wrong("2, 3")),
    TypeError,
    'zeros: shape is "2, 3"; expected an array of whole numbers.',
  ],
  [
    "a shape of something else",
    () => zeros(wrong([{}])),
    TypeError,
    "zeros: shape has an object (Object); expected whole numbers.",
  ],
  ["a negative shape", () => zeros([2, -3]), RangeError, "zeros: shape is (2, -3); expected whole numbers >= 0."],
  [
    "a shape over 4 GB",
    () => full([40_000, 40_000], 1),
    RangeError,
    "full: shape (40000, 40000) takes 6400000000 bytes; expected less than 4294967296.",
  ],
  [
    "a shape for more values",
    () => array([1, 2, 3], { shape: [2, 2] }),
    RangeError,
    "array: shape is (2, 2) and there are 3 values; expected 4.",
  ],
  [
    "something that is no array",
    () => array(wrong(new Map())),
    TypeError,
    "array: values is an object (Map); expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.",
  ],
  [
    "something that is no number",
    () => array([[1, wrong("2")]]),
    TypeError,
    'array: values[0][1] is "2"; expected a number.',
  ],
  [
    "rows of unequal length",
    () => array([[1, 2], [3]]),
    RangeError,
    "array: values[1] is an array of 1; expected an array of 2, like its neighbours.",
  ],
  [
    "a row among numbers",
    () => array([1, [2]]),
    RangeError,
    "array: values[1] is an array of 1; expected a number, like its neighbours.",
  ],
  [
    "a shape with two open extents",
    () => grid.reshape(-1, -1),
    RangeError,
    "NDArray.reshape: shape is (-1, -1); expected whole numbers, at most one of them -1.",
  ],
  [
    "a shape with other elements",
    () => grid.reshape(4, 2),
    RangeError,
    "NDArray.reshape: shape is (4, 2) and the array is (2, 3); expected 6 elements.",
  ],
  [
    "an open extent that does not come out",
    () => grid.reshape(4, -1),
    RangeError,
    "NDArray.reshape: shape is (4, -1) and the array is (2, 3); expected 6 elements.",
  ],
  [
    "a view in another order",
    () => grid.T.reshape(6),
    Error,
    "NDArray.reshape: the array (3, 2) is a view whose order in memory does not allow (6). Call copy() first.",
  ],
  [
    "the data of a transpose",
    () => grid.T.data,
    Error,
    "NDArray.data: the array (3, 2) is a view with strides (1, 3); expected contiguous elements. Read copy().data.",
  ],
  [
    "another shape than asserted",
    () => grid.assertShape(3, 2),
    RangeError,
    "NDArray.assertShape: the array is (2, 3); expected (3, 2).",
  ],
  [
    "columns of a vector",
    () => vector.columns(0, 1),
    RangeError,
    "NDArray.columns: the array is (3); expected 2 axes. reshape(1, 3) is a row, reshape(3, 1) a column.",
  ],
  [
    "rows of a cube",
    () => ones([1, 2, 3]).rows(0, 1),
    RangeError,
    "NDArray.rows: the array is (1, 2, 3); expected 2 axes.",
  ],
  [
    "rows past the end",
    () => grid.rows(1, 3),
    RangeError,
    "NDArray.rows: start and stop are 1 and 3; expected 0 <= start <= stop <= 2.",
  ],
  ["too few indices", () => grid.item(1), RangeError, "NDArray.item: 1 indices for an array (2, 3); expected 2."],
  [
    "an index past the end",
    () => grid.item(0, 3),
    RangeError,
    "NDArray.item: index 3 for axis 1 of an array (2, 3); expected -3 to 2.",
  ],
  [
    "a value to set that is no number",
    () => grid.set(wrong("1"), 0, 0),
    TypeError,
    'NDArray.set: value is "1"; expected a number.',
  ],
  [
    "too many indices to set",
    () => grid.set(1, 0, 0, 0),
    RangeError,
    "NDArray.set: 3 indices for an array (2, 3); expected 2.",
  ],
  [
    "an index before the start",
    () => grid.set(1, -3, 0),
    RangeError,
    "NDArray.set: index -3 for axis 0 of an array (2, 3); expected -2 to 1.",
  ],
  [
    "a slice at an index past the end",
    () => grid.slice([], 3),
    RangeError,
    "NDArray.slice: index 3 for axis 1 of an array (2, 3); expected -3 to 2.",
  ],
  [
    "more slices than axes",
    () => grid.slice(0, 0, 0),
    RangeError,
    "NDArray.slice: 3 indices for an array (2, 3); expected 2.",
  ],
  [
    "a slice of Python",
    () => grid.slice(wrong("1:2")),
    TypeError,
    'NDArray.slice: axis 0 is "1:2"; expected an index or [start, stop, step], step not 0.',
  ],
  [
    "a slice that goes nowhere",
    () => grid.slice([], [0, 3, 0]),
    TypeError,
    "NDArray.slice: axis 1 is [0, 3, 0]; expected an index or [start, stop, step], step not 0.",
  ],
  [
    "a slice between elements",
    () => grid.slice([0.5, null]),
    TypeError,
    "NDArray.slice: axis 0 is [0.5, ]; expected an index or [start, stop, step], step not 0.",
  ],
  [
    "a slice of too many numbers",
    () => grid.slice([0, 1, 1, 1]),
    TypeError,
    "NDArray.slice: axis 0 is [0, 1, 1, 1]; expected an index or [start, stop, step], step not 0.",
  ],
];

const ranges: Row[] = [
  [
    "a start that is no number",
    () => linspace(wrong("0"), 1, 3),
    TypeError,
    'linspace: start is "0"; expected a number.',
  ],
  [
    "a stop that is not finite",
    () => linspace(0, NaN, 3),
    RangeError,
    "linspace: stop is NaN; expected a finite number.",
  ],
  [
    "a fraction of a count",
    () => linspace(0, 1, 2.5),
    RangeError,
    "linspace: count is 2.5; expected a whole number from 0 to 2147483647.",
  ],
  [
    "an endpoint that is no flag",
    () => linspace(0, 1, 3, { endpoint: wrong(0) }),
    TypeError,
    "linspace: endpoint is 0; expected true or false.",
  ],
  [
    "a range of another dtype",
    () => arange(0, 3, 1, { dtype: wrong("i32") }),
    RangeError,
    'arange: dtype is "i32"; expected "f32" or "f64". Did you mean "f32"?',
  ],
  [
    "a range without end",
    () => arange(0, Infinity),
    RangeError,
    "arange: stop is Infinity; expected a finite number.",
  ],
  ["a range in steps of nothing", () => arange(0, 1, 0), RangeError, "arange: step is 0; expected another number."],
  [
    "a range beyond memory",
    () => arange(0, 1, 1e-10),
    RangeError,
    "arange: shape (10000000000) takes 40000000000 bytes; expected less than 4294967296.",
  ],
];

testErrors([...options, ...arrays, ...ranges]);
