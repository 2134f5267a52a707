/** A node of the graph as backward and drawings see it, and the order in which they go through nodes. */
import type { NDArray } from "../index.ts";
import { cyclicGraph } from "./errors.ts";

/** Takes ∂J/∂output to ∂J/∂input, in any shape that broadcasting made of the input's. */
export type Slope = (g: NDArray) => NDArray;

/** An array, how it was computed, and the gradient of a cost with respect to it. */
export interface Node {
  readonly value: NDArray;
  readonly name: string | undefined;
  readonly operation: string;
  readonly inputs: readonly Node[];
  /** One for each input. */
  readonly slopes: readonly Slope[];
  /** Whether it is a variable, or computed from one. */
  readonly varies: boolean;
  /** Whether backward went through it. */
  spent: boolean;
  grad: NDArray | undefined;
}

/**
 * Everything that `root` is computed from, each node before its inputs. A node comes when all that use it have come
 * (Kahn, 1962), without recursion: a graph may be deeper than the stack.
 *
 * @throws Error where a node is among its own inputs.
 */
export function consumersFirst(who: string, root: Node): Node[] {
  const uses = new Map<Node, number>([[root, 0]]);
  for (const node of uses.keys()) {
    for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  }
  const order = uses.get(root) === 0 ? [root] : [];
  for (const node of order) {
    for (const input of node.inputs) {
      const left = uses.get(input)! - 1;
      uses.set(input, left);
      if (left === 0) order.push(input);
    }
  }
  if (order.length < uses.size) cyclicGraph(who);
  return order;
}
