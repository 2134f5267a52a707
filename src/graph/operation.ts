/** What operations share: each is a forward function, and for each operand a slope that takes the gradient back to it. */
import { type NDArray, scope } from "../index.ts";
import { scalar } from "./arrays.ts";
import type { Slope } from "./node.ts";
import { type Operand, operands, Variable } from "./variable.ts";

/** y = f(…given), with the slope of each operand. Numbers become arrays of no axes; what f makes on the way is freed. */
export function operation(
  who: string,
  given: Readonly<Record<string, Operand>>,
  f: (...values: NDArray[]) => NDArray | number,
  slopes: (y: NDArray, ...values: NDArray[]) => Slope[],
): Variable {
  const { y, inputs } = scope(() => {
    const inputs = operands(who, given);
    const result = f(...inputs.map(({ value }) => value));
    return { y: typeof result === "number" ? scalar(result, inputs[0]!.value) : result, inputs };
  });
  return new Variable(y, who, inputs, slopes(y, ...inputs.map(({ value }) => value)));
}

/** What the slope of one operand may use: the gradient g at the result y, and the operand. */
interface At {
  g: NDArray;
  y: NDArray;
  a: NDArray;
}

/** What the slopes of two operands may use. */
interface AtTwo extends At {
  b: NDArray;
}

/** y = f(a), element by element; `da` is ∂J/∂a. */
export function unary(who: string, a: Operand, f: (a: NDArray) => NDArray, da: (at: At) => NDArray): Variable {
  return operation(who, { a }, f as () => NDArray, (y, a) => [(g) => da({ g, y, a: a! })]);
}

/** y = f(a, b); `da` and `db` are ∂J/∂a and ∂J/∂b, before broadcasting is undone. */
export function binary(
  who: string,
  a: Operand,
  b: Operand,
  f: (a: NDArray, b: NDArray) => NDArray | number,
  da: (at: AtTwo) => NDArray,
  db: (at: AtTwo) => NDArray,
): Variable {
  return operation(who, { a, b }, f as () => NDArray, (y, a, b) => [
    (g) => da({ g, y, a: a!, b: b! }),
    (g) => db({ g, y, a: a!, b: b! }),
  ]);
}
