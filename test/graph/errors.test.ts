/** Every message of the graph, word for word. */
import {
  add,
  checkGradients,
  concatenate,
  crossEntropy,
  exp,
  gradients,
  matmul,
  mul,
  sigmoid,
  sum,
  type Variable,
  variable,
} from "../../src/graph.ts";
import { array, scope } from "../../src/index.ts";
import { type Row, testErrors, wrong } from "../error-rows.ts";

const x = variable([1, 2], { name: "x" });

const total = (x: Variable): Variable => sum(x);

/** What a scope leaves of variables that it does not return. */
function leftOver(make: () => Variable): Variable {
  let left: Variable | undefined;
  scope(() => {
    left = make();
  });
  return left!;
}

/** A result that is its own input. */
function cycle(): Variable {
  const y = sum(mul(x, 2));
  const [product] = y.inputs as [Variable];
  (product.inputs as Variable[])[0] = y;
  return y;
}

function after(act: (y: Variable) => void): Variable {
  const y = sum(exp(x));
  act(y);
  return y;
}

const variables: Row[] = [
  [
    "a name that is no text",
    () => variable(1, { name: wrong(3) }),
    TypeError,
    "variable: name is 3; expected a string.",
  ],
  [
    "a later name that is none",
    () => x.named(wrong(undefined)),
    TypeError,
    "Variable.named: name is undefined; expected a string.",
  ],
  [
    "an option that does not exist",
    () => variable(1, wrong({ type: "f64" })),
    TypeError,
    'variable: option "type" does not exist; expected "dtype" or "name".',
  ],
  [
    "options that are none",
    () => checkGradients(total, [1], wrong(1e-3)),
    TypeError,
    "checkGradients: options is 0.001; expected an object with options.",
  ],
  [
    "no operand",
    () => add(x, wrong(undefined)),
    TypeError,
    "add: b is undefined; expected a variable, an NDArray, nested arrays of numbers, a typed array or a number.",
  ],
  [
    "an operand of text",
    () => exp(wrong("1")),
    TypeError,
    'exp: a is "1"; expected a variable, an NDArray, nested arrays of numbers, a typed array or a number.',
  ],
  [
    "an operand that is some other object",
    () => mul(wrong(new Map()), x),
    TypeError,
    "mul: a is an object (Map); expected a variable, an NDArray, nested arrays of numbers, a typed array or a number.",
  ],
  [
    "an operand in a list",
    () => concatenate([x, wrong(null)]),
    TypeError,
    "concatenate: arrays[1] is null; expected a variable, an NDArray, nested arrays of numbers, a typed array or a number.",
  ],
  [
    "an option of fourlane's own operation that variables do not have",
    () => concatenate([x], wrong({ out: x })),
    TypeError,
    'concatenate: option "out" does not exist; expected "axis".',
  ],
  [
    "logits and labels of two shapes",
    () => crossEntropy([[1, 2]], [0, 1]),
    RangeError,
    "crossEntropy: z is (1, 2) and y is (2); expected one shape.",
  ],
];

const lifetimes: Row[] = [
  [
    "a variable after its scope",
    () =>
      add(
        1,
        leftOver(() => variable([1, 2])),
      ),
    Error,
    "add: b is a variable whose array (2) was freed. Use it before the end of the scope that made it.",
  ],
  [
    "its transpose",
    () => leftOver(() => variable([[1, 2]])).T,
    Error,
    "Variable.T: this is a variable whose array (1, 2) was freed. Use it before the end of the scope that made it.",
  ],
  [
    "its other shapes",
    () => leftOver(() => variable([[1, 2]])).reshape(2),
    Error,
    "Variable.reshape: this is a variable whose array (1, 2) was freed. Use it before the end of the scope that made it.",
  ],
  [
    "a variable of an array that was freed",
    () => {
      const a = array([1]);
      a.free();
      variable(a);
    },
    Error,
    "variable: value is a variable whose array (1) was freed. Use it before the end of the scope that made it.",
  ],
  [
    "backward after the scope of the graph",
    () => leftOver(() => sum(x)).backward(),
    Error,
    "Variable.backward: the result of sum is a variable whose array () was freed. Use it before the end of the scope that made it.",
  ],
  [
    "backward after the scope of an input",
    () => {
      const y = variable([3, 4]);
      const J = sum(mul(x, y));
      y.value.free();
      J.backward();
    },
    Error,
    "Variable.backward: an input is a variable whose array (2) was freed. Use it before the end of the scope that made it.",
  ],
  [
    "a drawing after the scope",
    () => leftOver(() => sum(x)).toMermaid(),
    Error,
    "Variable.toMermaid: v1 is a variable whose array () was freed. Use it before the end of the scope that made it.",
  ],
];

const passes: Row[] = [
  [
    "many numbers without a seed",
    () => mul(x, 2).backward(),
    RangeError,
    "Variable.backward: the variable is (2) and there is no seed; expected one number. " +
      "sum(…) or mean(…) makes one of it; or give a seed (2), the gradient to begin with.",
  ],
  [
    "a seed of another shape",
    () => mul(x, 2).backward([[1, 2]]),
    RangeError,
    "Variable.backward: seed is (1, 2); expected (2), the variable's shape.",
  ],
  [
    "constants alone",
    () => sum([1, 2]).backward(),
    Error,
    "Variable.backward: the result depends on no variable. variable(…) makes one of an array.",
  ],
  [
    "backward twice",
    () => after((y) => y.backward()).backward(),
    Error,
    "Variable.backward: the graph, or its part that ends in sum, had its backward before. " +
      "Compute the result anew for each backward; of several results, call backward on the sum.",
  ],
  [
    "a cycle",
    () => cycle().backward(),
    Error,
    "Variable.backward: a variable is among its own inputs. Leave inputs as the operations made them.",
  ],
  [
    "a cycle to be drawn",
    () => cycle().toSVG(),
    Error,
    "Variable.toSVG: a variable is among its own inputs. Leave inputs as the operations made them.",
  ],
  [
    "a step before backward",
    () => variable(1).descend(0.1),
    Error,
    "Variable.descend: the variable has no gradient. Call backward on a result computed from it first.",
  ],
  [
    "a step of a result",
    () => after((y) => y.backward()).descend(0.1),
    Error,
    "Variable.descend: the value was computed by sum; expected one that variable(…) made.",
  ],
  [
    "a step of text",
    () => x.descend(wrong("0.1")),
    TypeError,
    'Variable.descend: learningRate is "0.1"; expected a number.',
  ],
  [
    "a step without end",
    () => x.descend(Infinity),
    RangeError,
    "Variable.descend: learningRate is Infinity; expected a finite number.",
  ],
];

const functions: Row[] = [
  ["no function", () => gradients(wrong(3n)), TypeError, "gradients: f is 3n; expected a function."],
  [
    "a function of no variable",
    () => gradients(wrong(() => sum))([1]),
    TypeError,
    "gradients: f(…) is a function; expected a variable, made by the operations of fourlane/graph.",
  ],
  [
    "a function of many numbers",
    () => gradients(sigmoid)([1, 2]),
    RangeError,
    "gradients: f(…) is (2); expected one number. sum(…) or mean(…) makes one of it.",
  ],
  [
    "inputs that are no list",
    () => checkGradients(total, wrong(3)),
    TypeError,
    "checkGradients: inputs is 3; expected an array of f's arguments.",
  ],
  [
    "inputs without elements",
    () => checkGradients(total, [[], []]),
    RangeError,
    "checkGradients: inputs have no elements; expected at least one to vary.",
  ],
  [
    "a step that is no number",
    () => checkGradients(total, [1], { step: wrong([1]) }),
    TypeError,
    "checkGradients: step is an array of 1; expected a number.",
  ],
  [
    "a step backward",
    () => checkGradients(total, [1], { step: -1 }),
    RangeError,
    "checkGradients: step is -1; expected a number > 0.",
  ],
];

/** Of fourlane's own operations, which the graph calls. */
const core: Row[] = [
  [
    "nothing to join",
    () => concatenate(wrong(3)),
    TypeError,
    "concatenate: arrays is an array of 0; expected an array of at least one NDArray.",
  ],
  [
    "shapes that do not fit",
    () => matmul(x.reshape(1, 2), [[1, 2]]),
    RangeError,
    "matmul: a is (1, 2) and b is (1, 2); expected a's columns (2) to equal b's rows (1). b.T is (2, 1) and would fit.",
  ],
  [
    "two dtypes",
    () => add(x, Float64Array.of(1, 2)),
    TypeError,
    'add: a is f32 and b is f64; expected one dtype. astype("f64") converts a.',
  ],
  [
    "an axis that does not exist",
    () => sum(x, { axis: 1 }),
    RangeError,
    "sum: axis is 1; expected -1 to 0 for an array (2).",
  ],
];

testErrors([...variables, ...lifetimes, ...passes, ...functions, ...core]);
