/** Arrays in the shapes that gradients need. */
import { type NDArray, sum } from "../index.ts";

/** One number as an array of no axes, of the dtype and in the memory of another array. */
export function scalar(value: number, like: NDArray): NDArray {
  const result = like.view([], [], 0).copy();
  result.data[0] = value;
  return result;
}

/** The elements in another shape: a view where the order in memory allows it, else of a copy. */
export function reshaped(a: NDArray, shape: readonly number[]): NDArray {
  return (a.contiguous ? a : a.copy()).reshape(shape);
}

/** A copy of `a`, broadcast to a shape of as many axes. */
export function broadcast(a: NDArray, shape: readonly number[]): NDArray {
  const steps = a.strides.map((step, axis) => (a.shape[axis] === 1 ? 0 : step));
  return a.view(shape, steps, 0).copy();
}

/** What broadcasting a shape to that of `g` does to gradients: Σ g over the axes that were added or stretched. */
export function summedTo(shape: readonly number[], g: NDArray): NDArray {
  const added = g.ndim - shape.length;
  let result = g;
  for (let axis = 0; axis < g.ndim; axis++) {
    if (axis < added) result = sum(result, { axis: 0 });
    else if (shape[axis - added] === 1 && g.shape[axis] !== 1)
      result = sum(result, { axis: axis - added, keepDims: true });
  }
  return result;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** The indices of the element that comes as number `i` in row-major order. */
export function indexOf(i: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = i;
  for (const extent of [...shape].reverse()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}
