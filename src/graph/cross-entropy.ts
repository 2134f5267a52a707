/** The cost of the course, from logits. */
import * as core from "../index.ts";
import { sameShape } from "./arrays.ts";
import { unequalShapes } from "./errors.ts";
import { binary } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

type NDArray = core.NDArray;

/**
 * J = 1/m Σ −y·log σ(z) − (1 − y)·log(1 − σ(z)), the mean cross-entropy of m labels y in 0 … 1 and as many logits z of
 * one shape: a variable of no axes. dz = (σ(z) − y)/m and dy = −z/m, without the logarithm of 0 anywhere.
 *
 * @throws RangeError where the shapes differ: broadcasting would compare every label with every logit.
 */
export function crossEntropy(z: Operand, y: Operand): Variable {
  return binary(
    "crossEntropy",
    z,
    y,
    cost,
    ({ g, a, b }) => core.mul(core.div(g, a.size), misses(a, b)),
    ({ g, a }) => core.mul(core.div(g, -a.size), a),
  );
}

function cost(z: NDArray, y: NDArray): number {
  if (!sameShape(z.shape, y.shape)) unequalShapes("crossEntropy", z.shape, y.shape);
  return core.mean(losses(z, y));
}

/** (1 − y)·softplus(z) + y·softplus(−z): −log(1 − σ(z)) is softplus(z) = log(1 + e^z). */
function losses(z: NDArray, y: NDArray): NDArray {
  const tail = softplusTail(z);
  const off = core.add(core.maximum(z, 0), tail);
  const on = core.add(core.maximum(core.neg(z), 0), tail);
  return core.add(core.mul(core.sub(1, y), off), core.mul(y, on));
}

/**
 * softplus(z) − max(z, 0) = log(1 + e^−|z|), with full relative precision: rounding 1 + e to u loses e − (u − 1), which
 * adds that over u to the logarithm.
 */
function softplusTail(z: NDArray): NDArray {
  const e = core.exp(core.neg(core.abs(z)));
  const u = core.add(1, e);
  const lost = core.sub(e, core.sub(u, 1));
  return core.add(core.log(u), core.div(lost, u));
}

/** σ(z) − y as (1 − y)·σ(z) − y·σ(−z), which keeps its digits where σ(z) rounds to 1. */
function misses(z: NDArray, y: NDArray): NDArray {
  return core.sub(core.mul(core.sub(1, y), core.sigmoid(z)), core.mul(y, core.sigmoid(core.neg(z))));
}
