/** What drawings say on nodes: J = 3 × v, 33, dJ = 1. */
import type { NDArray, NestedNumbers } from "../index.ts";
import { indexOf } from "./arrays.ts";
import { freedVariable } from "./errors.ts";
import { consumersFirst, type Node } from "./node.ts";

/** A node as it is drawn. */
export interface Label {
  kind: "variable" | "constant" | "operation";
  /** Its name, with the number or the expression that it stands for. */
  title: string;
  /** Its shape and elements, where the title does not tell them. */
  value: string | undefined;
  /** ∂J/∂name, which the course calls dname; undefined before `backward`. */
  gradient: string | undefined;
  /** Places of its inputs among the labels. */
  inputs: number[];
}

/** How the course writes what a and b are computed to; other operations are written as they are called. */
const FORMS: Record<string, (a: string, b: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} − ${b}`,
  mul: (a, b) => `${a} × ${b}`,
  div: (a, b) => `${a} / ${b}`,
  matmul: (a, b) => `${a} · ${b}`,
  neg: (a) => `−${a}`,
  abs: (a) => `|${a}|`,
  square: (a) => `${a}²`,
  power: (a, b) => `${a}^${b}`,
  sqrt: (a) => `√${a}`,
  T: (a) => `${a}ᵀ`,
};

/** Nodes without a name are counted: variables x1, x2, …, constants c1, …, results v1, …. */
const LETTERS = { variable: "x", constant: "c", operation: "v" };

/** How many elements of an array are shown whole, and how many otherwise. */
const WHOLE = 4;
const FIRST = 3;

/** The graph that `root` is computed from, inputs before what uses them. Constant numbers are part of expressions. */
export function labelsOf(who: string, root: Node): Label[] {
  const nodes = inputsFirst(who, root).filter((node) => node === root || !isNumber(node));
  const names = namesOf(nodes);
  const places = new Map(nodes.map((node, place) => [node, place]));
  const differentiated = root.grad !== undefined;
  return nodes.map((node) => {
    const { value, grad, inputs, operation } = node;
    if (value.storage.freed) freedVariable(who, names.get(node)!, value.shape);
    const name = names.get(node)!;
    const words = inputs.map((input) => names.get(input) ?? parenthesised(input));
    const expression = (FORMS[operation] ?? ((...all) => `${operation}(${all.join(", ")})`))(
      ...(words as [string, string]),
    );
    const number = inputs.length === 0 && value.ndim === 0;
    return {
      kind: kindOf(node),
      title: inputs.length > 0 ? `${name} = ${expression}` : number ? `${name} = ${elements(value)}` : name,
      value: number
        ? undefined
        : value.ndim === 0
          ? elements(value)
          : `(${value.shape.join(", ")}) ${elements(value)}`,
      gradient: differentiated && grad && !grad.storage.freed ? `d${name} = ${elements(grad)}` : undefined,
      inputs: inputs.flatMap((input) => places.get(input) ?? []),
    };
  });
}

/** Depth first in the order of the inputs, without recursion. */
function inputsFirst(who: string, root: Node): Node[] {
  consumersFirst(who, root); // throws for a cycle
  const seen = new Set([root]);
  const path = [{ node: root, next: 0 }];
  const order: Node[] = [];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const input = top.node.inputs[top.next++];
    if (input && !seen.has(input)) {
      seen.add(input);
      path.push({ node: input, next: 0 });
    } else if (!input) {
      order.push(top.node);
      path.pop();
    }
  }
  return order;
}

function kindOf({ operation }: Node): Label["kind"] {
  return operation === "variable" || operation === "constant" ? operation : "operation";
}

function isNumber({ operation, value, name }: Node): boolean {
  return operation === "constant" && value.ndim === 0 && name === undefined;
}

function namesOf(nodes: readonly Node[]): Map<Node, string> {
  const taken = new Set(nodes.map(({ name }) => name));
  const counts = { variable: 0, constant: 0, operation: 0 };
  const counted = (kind: Label["kind"]): string => {
    let name: string;
    do name = `${LETTERS[kind]}${++counts[kind]}`;
    while (taken.has(name));
    return name;
  };
  return new Map(nodes.map((node) => [node, node.name || counted(kindOf(node))]));
}

function parenthesised({ value }: Node): string {
  const text = elements(value);
  return text.startsWith("−") ? `(${text})` : text;
}

/** All elements of a small array, nested, or the first few of a larger one. */
function elements(a: NDArray): string {
  const precision = a.size === 1 ? 4 : 3;
  if (a.size <= WHOLE) return bracketed(a.toArray(), precision);
  const first = Array.from({ length: FIRST }, (_, i) => digits(a.item(...indexOf(i, a.shape)), precision));
  return `[${first.join(", ")}, …]`;
}

function bracketed(nested: NestedNumbers, precision: number): string {
  if (typeof nested === "number") return digits(nested, precision);
  return `[${nested.map((inner) => bracketed(inner, precision)).join(", ")}]`;
}

/** Whole numbers as they are, others with a few digits. */
function digits(x: number, precision: number): string {
  const short = Number.isInteger(x) && Math.abs(x) < 1e6 ? x : Number(x.toPrecision(precision));
  const text = Math.abs(short) < 1e6 ? String(short) : short.toExponential();
  return text.replace("Infinity", "∞").replace("+", "").replaceAll("-", "−");
}
