/** Back-propagation: from a cost to everything that it was computed from (sections 2.8 and 3.9 of the course). */
import { add, type NDArray, scope } from "../index.ts";
import { summedTo } from "./arrays.ts";
import { freedVariable, spentGraph } from "./errors.ts";
import { consumersFirst, type Node } from "./node.ts";

/**
 * Puts the gradient of `root`, weighted with what `seed` makes, into `grad` of every varying node of the graph.
 *
 * Nodes that were computed may share their arrays; a variable's is its own. Nothing changes if something throws.
 */
export function backward(root: Node, seed: () => NDArray): void {
  const who = "Variable.backward";
  const order = consumersFirst(who, root).filter((node) => node.varies);
  for (const { spent, operation, value, inputs } of order) {
    if (spent) spentGraph(operation);
    if (value.storage.freed) {
      freedVariable(who, inputs.length > 0 ? `the result of ${operation}` : "an input", value.shape);
    }
  }
  // What is not returned was a step on the way, and goes.
  const gradients = scope(() => propagate(order, seed()));
  order.forEach((node, i) => {
    node.grad = gradients[i];
    node.spent = node.inputs.length > 0;
  });
}

/** The gradient of each node, in their order. */
function propagate(order: readonly Node[], seed: NDArray): NDArray[] {
  const sums = new Map([[order[0]!, seed]]);
  // A gradient that passes through unchanged, as in a sum, is one array for several nodes: none of them may add to it.
  const shared = new Set([seed.storage]);
  const gain = (input: Node, more: NDArray): void => {
    const sum = sums.get(input);
    if (!sum) sums.set(input, more);
    else if (shared.has(sum.storage)) sums.set(input, add(sum, more));
    else add(sum, more, { out: sum });
  };
  return order.map((node) => {
    const sum = sums.get(node)!;
    const gradient = node.inputs.length === 0 && shared.has(sum.storage) ? sum.copy() : sum;
    sums.delete(node);
    shared.add(gradient.storage);
    node.slopes.forEach((slope, i) => {
      const input = node.inputs[i]!;
      if (input.varies)
        gain(
          input,
          scope(() => summedTo(input.value.shape, slope(gradient))),
        );
    });
    return gradient;
  });
}
