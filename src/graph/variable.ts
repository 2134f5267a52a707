/** Variables: arrays that remember how they were computed. */
import { type ArrayInput, array, type DType, mul, NDArray, scope, sub } from "../index.ts";
import { reshaped, sameShape } from "./arrays.ts";
import { backward } from "./backward.ts";
import {
  badName,
  badOperand,
  badSeed,
  checkNumber,
  checkOptions,
  constantResult,
  freedVariable,
  missingSeed,
  noGradient,
  notAVariable,
} from "./errors.ts";
import { labelsOf } from "./labels.ts";
import { mermaid } from "./mermaid.ts";
import type { Node, Slope } from "./node.ts";
import { svg } from "./svg.ts";

/** What operations compute with: variables, and constants in any form that becomes an array. */
export type Operand = Variable | ArrayInput;

/** Options of `variable`. */
export interface VariableOptions {
  /** Type of the elements. Default: that of the value, or "f32" for plain numbers. */
  dtype?: DType;
  /** What drawings call it. */
  name?: string;
}

/** A node of the computation graph: an array, how it was computed, and after `backward` the gradient with respect to it. */
export class Variable implements Node {
  /** Stays, where tools shorten names. */
  static readonly name = "Variable";
  /** The elements; a single number is an array of no axes. */
  readonly value: NDArray;
  /** The operation that computed it; "variable" or "constant" where none did. */
  readonly operation: string;
  /** What the operation was given, constants included. */
  readonly inputs: readonly Variable[];
  /** For each input, how it takes its part of a gradient. */
  readonly slopes: readonly Slope[];
  /** Whether it is a variable or depends on one. */
  readonly varies: boolean;
  /** Whether `backward` went through it: a graph serves once. */
  spent = false;
  /** ∂J/∂value for the cost J of the last `backward` that reached it, in its shape; before that undefined. */
  grad: NDArray | undefined;
  #name: string | undefined;

  /** Use `variable`, or an operation. */
  constructor(value: NDArray, operation: string, inputs: readonly Variable[] = [], slopes: readonly Slope[] = []) {
    this.value = value;
    this.operation = operation;
    this.inputs = inputs;
    this.slopes = slopes;
    this.varies = operation === "variable" || inputs.some((input) => input.varies);
  }

  /** What drawings call it. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Gives it a name for drawings, and returns it. */
  named(name: string): this {
    if (typeof name !== "string") badName("Variable.named", name);
    this.#name = name;
    return this;
  }

  /** Extent along each axis. */
  get shape(): readonly number[] {
    return this.value.shape;
  }

  /** Type of the elements. */
  get dtype(): DType {
    return this.value.dtype;
  }

  /** The value's bytes: a `scope` that returns a variable keeps its value, not how it was computed. */
  get storage(): NDArray["storage"] {
    return this.value.storage;
  }

  /** The element at these indices; without indices, that of a variable with a single one. */
  item(...indices: number[]): number {
    return this.value.item(...indices);
  }

  /** The transpose, axes reversed. Its gradient is transposed back. */
  get T(): Variable {
    alive("Variable.T", this);
    return new Variable(this.value.T, "T", [this], [(g) => g.T]);
  }

  /** The same elements in another shape; one extent may be −1. A copy where the order in memory allows no view. */
  reshape(...shape: number[] | [readonly number[]]): Variable {
    alive("Variable.reshape", this);
    const wanted = typeof shape[0] === "object" ? shape[0] : (shape as number[]);
    const value = scope(() => reshaped(this.value, wanted));
    return new Variable(value, "reshape", [this], [(g) => reshaped(g, this.shape)]);
  }

  /**
   * Back-propagation: ∂this/∂x into `x.grad` of every variable and every result that this was computed from. Earlier
   * gradients are replaced, not added to. A variable used several times gets the sum over its uses; broadcasting is
   * undone by sums over the axes that it stretched.
   *
   * @param seed ∂J/∂this for a J beyond, in this shape; 1 where this is a single number.
   * @throws RangeError for more than one number without a seed; Error where this depends on no variable, where a
   * `backward` went through part of the graph before, for arrays freed meanwhile, and for a cycle. Then no `grad` changed.
   */
  backward(seed?: ArrayInput): void {
    if (!this.varies) constantResult();
    if (seed === undefined && this.value.size !== 1) missingSeed(this.shape);
    backward(this, () => {
      if (seed === undefined) {
        const one = this.value.copy();
        one.data[0] = 1;
        return one;
      }
      const given = array(seed, { dtype: this.dtype });
      if (!sameShape(given.shape, this.shape)) badSeed(given.shape, this.shape);
      return given;
    });
  }

  /**
   * One step of gradient descent, value := value − learningRate·grad, in place.
   *
   * @throws Error for what was computed, and before `backward`.
   */
  descend(learningRate: number): void {
    if (this.operation !== "variable") notAVariable(this.operation);
    checkNumber("Variable.descend", "learningRate", learningRate);
    const { value, grad } = this;
    if (!grad || grad.storage.freed) noGradient();
    scope(() => sub(value, mul(learningRate, grad), { out: value }));
  }

  /**
   * The graph that this is computed from as text for Mermaid: operations, values, and after `backward` gradients.
   *
   * @throws Error for arrays freed meanwhile, and for a cycle.
   */
  toMermaid(): string {
    return mermaid(labelsOf("Variable.toMermaid", this));
  }

  /** The same as a picture: the text of an SVG file, with gradients in red. */
  toSVG(): string {
    return svg(labelsOf("Variable.toSVG", this));
  }

  /** `Variable(2, 3) f64`. */
  toString(): string {
    return `Variable(${this.shape.join(", ")}) ${this.dtype}`;
  }
}

/**
 * A variable to differentiate by. An NDArray is taken as it is, not copied, unless its dtype changes; other values
 * become a new array, as `array` makes it.
 */
export function variable(value: ArrayInput, options: VariableOptions = {}): Variable {
  checkOptions("variable", options, ["dtype", "name"]);
  const { dtype, name } = options;
  if (name !== undefined && typeof name !== "string") badName("variable", name);
  const same = value instanceof NDArray && (dtype === undefined || dtype === value.dtype);
  if (same && value.storage.freed) freedVariable("variable", "value", value.shape);
  const made = new Variable(same ? value : array(value, dtype === undefined ? {} : { dtype }), "variable");
  return name === undefined ? made : made.named(name);
}

/**
 * What `who` was given, as nodes: variables as they are, all else as constants. Plain numbers take the dtype of the
 * first operand that brings one.
 */
export function operands(who: string, given: Readonly<Record<string, Operand>>): Variable[] {
  for (const [name, value] of Object.entries(given)) {
    if (value instanceof Variable) alive(who, value, name);
    else if (!isArrayLike(value)) badOperand(who, name, value);
  }
  const values = Object.values(given);
  const dtype = commonDType(values);
  return values.map((value) =>
    value instanceof Variable ? value : new Variable(constant(value, dtype), "constant"),
  );
}

/** The dtype that the first of some values brings with it, or undefined for plain numbers alone. */
export function commonDType(values: readonly Operand[]): DType | undefined {
  for (const value of values) {
    const dtype = ownDType(value);
    if (dtype) return dtype;
  }
  return undefined;
}

function ownDType(value: Operand): DType | undefined {
  if (value instanceof Variable || value instanceof NDArray) return value.dtype;
  if (typeof value === "number") return undefined;
  const data = "data" in value ? value.data : value;
  if (data instanceof Float64Array) return "f64";
  return data instanceof Float32Array ? "f32" : undefined;
}

function constant(value: ArrayInput, dtype: DType | undefined): NDArray {
  if (value instanceof NDArray) return value;
  return array(value, dtype === undefined || ownDType(value) ? {} : { dtype });
}

function isArrayLike(value: unknown): boolean {
  if (typeof value === "number" || value instanceof NDArray || Array.isArray(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return ArrayBuffer.isView(value) || ("data" in value && "shape" in value);
}

function alive(who: string, { value }: Variable, name = "this"): void {
  if (value.storage.freed) freedVariable(who, name, value.shape);
}
