/** What the losses of samples are multiplied with: their own weights, and those of their classes. */

import type { DType } from "./abi.ts";
import { checkFinite } from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import type { NDArray } from "./ndarray.ts";
import type { Place } from "./passes.ts";
import type { Runtime } from "./runtime.ts";

/** Factors of the classes' losses: such that all weigh as much, or by label, 1 where one is missing. */
export type ClassWeight = "balanced" | { readonly [label: number]: number };

/** What a sample's loss is multiplied with: the product of its own weight and its class's. */
export interface Weighting {
  /** (1, m), finite and >= 0. Default: 1 for each. */
  sampleWeight?: ArrayInput | undefined;
  /** Default: 1 for each. */
  classWeight?: ClassWeight | undefined;
}

/** Samples whose labels are checked. */
interface Labelled {
  readonly place: Place;
  readonly count: number;
  readonly dtype: DType;
  readonly runtime: Runtime;
}

/** Samples that are visited between two yields. */
const BLOCK = 2 ** 20;

/**
 * Checks the samples' own weights, and where the classes have some, writes the products into the place's, contiguous.
 * "balanced" is scikit-learn's: the samples' weight over that of the class times the classes. Yields in between.
 *
 * @throws RangeError for a weight that is negative or not finite.
 */
export function* weigh(
  who: string,
  { place, count, dtype, runtime }: Labelled,
  own: NDArray | undefined,
  classWeight: ClassWeight | undefined,
  classes: number | undefined,
): Generator<undefined, void> {
  const { y, y_s, s, itemSize } = place;
  const totals: number[] = Array(classes ?? 0).fill(0);
  let all = 0;
  const factorOf = (label: number): number => {
    if (classWeight !== "balanced") return classWeight![label] ?? 1;
    return all / (totals.length * totals[label]!);
  };
  for (const multiplies of classWeight ? [false, true] : [false]) {
    let values!: Float32Array | Float64Array;
    for (let j = 0; j < count; j++) {
      if (j % BLOCK === 0) {
        yield;
        // The memory may have grown.
        values = runtime.memory[dtype];
      }
      const label = values[y / itemSize + j * y_s]!;
      const weight = own ? values[own.pointer / itemSize + j * own.strides[1]!]! : 1;
      // A class without weight has no factor, and needs none.
      if (multiplies) values[s / itemSize + j] = weight && weight * factorOf(label);
      else {
        if (!(weight >= 0 && weight < Infinity)) checkFinite(who, `sampleWeight[0, ${j}]`, weight, 0);
        totals[label] = (totals[label] ?? 0) + weight;
        all += weight;
      }
    }
  }
}
