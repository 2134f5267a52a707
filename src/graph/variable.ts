/** Variables: the nodes of a computation graph. */
import { type ArrayInput, array, type DType, NDArray } from "../index.ts";
import { badName, freedVariable } from "./errors.ts";

/** Options of `variable`. */
export interface VariableOptions {
  /** Type of the elements. Default: that of the value, or "f32" for plain numbers. */
  dtype?: DType;
  /** What drawings call it. */
  name?: string;
}

/** A node of the graph: an array, and how it was computed. */
export class Variable {
  /** Stays, where tools shorten names. */
  static readonly name = "Variable";
  /** What it holds; a number is an array of no axes. */
  readonly value: NDArray;
  /** What drawings call it. */
  readonly name: string | undefined;

  /** Use `variable`. */
  constructor(value: NDArray, name: string | undefined) {
    this.value = value;
    this.name = name;
  }

  /** Extent along each axis. */
  get shape(): readonly number[] {
    return this.value.shape;
  }

  /** The element at these indices; without indices, that of a variable with a single one. */
  item(...indices: number[]): number {
    if (this.value.storage.freed) freedVariable("Variable.item", this.shape);
    return this.value.item(...indices);
  }
}

/** A variable to compute with. An NDArray of the right dtype is taken as it is, anything else copied. */
export function variable(value: ArrayInput, options: VariableOptions = {}): Variable {
  const { dtype, name } = options;
  if (name !== undefined && typeof name !== "string") badName("variable", name);
  if (value instanceof NDArray && (dtype === undefined || dtype === value.dtype)) return new Variable(value, name);
  return new Variable(dtype === undefined ? array(value) : array(value, { dtype }), name);
}
