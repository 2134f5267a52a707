/**
 * The samples of one call, X (n_x, m), Y (1, m) and perhaps their weights S (1, m): checked, and in linear memory
 * whatever form they came in.
 */

import type { DType, KernelFunctions } from "./abi.ts";
import {
  badLabel,
  checkLabelShape,
  checkSameShape,
  checkSampleShape,
  mixedDTypes,
  mixedRuntimes,
  notFinite,
} from "./check.ts";
import { type ArrayInput, arrayFor, ownDType } from "./creation.ts";
import { NDArray } from "./ndarray.ts";
import type { Place } from "./passes.ts";
import type { Runtime } from "./runtime.ts";
import { itemSize } from "./strided.ts";
import { type Weighting, weigh } from "./weights.ts";

function placeOf(X: NDArray, Y?: NDArray, S?: NDArray): Place {
  return {
    x: X.pointer,
    x_rs: X.strides[0]!,
    x_cs: X.strides[1]!,
    y: Y?.pointer ?? 0,
    y_s: Y?.strides[1] ?? 0,
    s: S?.pointer ?? 0,
    s_s: S?.strides[1] ?? 0,
    itemSize: itemSize(X.dtype),
  };
}

/** Samples as columns. */
export class Samples {
  /** (n_x, m). */
  readonly X: NDArray;

  constructor(X: NDArray) {
    this.X = X;
  }

  /** That of X. */
  get dtype(): DType {
    return this.X.dtype;
  }

  /** Where they lie. */
  get runtime(): Runtime {
    return this.X.runtime;
  }

  /** The kernel's functions for this dtype. */
  get kernel(): KernelFunctions {
    return this.runtime.kernel[this.dtype];
  }

  /** n_x. */
  get features(): number {
    return this.X.shape[0]!;
  }

  /** m. */
  get count(): number {
    return this.X.shape[1]!;
  }

  /** Where the samples lie. */
  get place(): Place {
    return placeOf(this.X);
  }
}

/** Samples with their labels. */
export class Dataset extends Samples {
  /** (1, m), 0 or 1, or other class numbers. */
  readonly Y: NDArray;
  /** (1, m), >= 0, the factors of their losses; undefined where all are 1. */
  readonly S: NDArray | undefined;

  constructor(X: NDArray, Y: NDArray, S?: NDArray) {
    super(X);
    this.Y = Y;
    this.S = S;
  }

  override get place(): Place {
    return placeOf(this.X, this.Y, this.S);
  }

  /** Checks every label. @throws RangeError for one that is not a whole number from 0 to classes − 1. */
  checkLabels(who: string, classes = Infinity): void {
    const { y, y_s } = this.place;
    const found = this.kernel.find_non_class(this.count, classes, y, y_s);
    if (found >= 0) badLabel(who, found, this.Y.item(0, found), "Y", classes);
  }
}

/** What is already settled before the data comes: a fitted model knows all of it. */
export interface Settled {
  dtype?: DType | undefined;
  features?: number | undefined;
  runtime?: Runtime | undefined;
  /** Labels are 0 … classes − 1; where they are not settled, any class numbers. */
  classes?: number | undefined;
}

/** Arguments in linear memory: NDArrays where they lie, copies of anything else. Held until `release`. */
class Arguments {
  readonly #who: string;
  readonly #held: NDArray[] = [];
  readonly #copies: NDArray[] = [];

  constructor(who: string) {
    this.#who = who;
  }

  place(name: string, values: ArrayInput, dtype: DType, where: Runtime | undefined): NDArray {
    const given = values instanceof NDArray ? values : arrayFor(this.#who, name, values, { dtype }, where);
    given.storage.hold();
    this.#held.push(given);
    if (given !== values) this.#copies.push(given);
    return given;
  }

  release(): void {
    for (const array of this.#held) array.storage.letGo();
    for (const copy of this.#copies) copy.storage.release();
  }
}

/** Samples that stay in memory until `release`, whoever frees their arrays. */
export interface Loan {
  readonly data: Dataset;
  /** Checks every value, yielding in between. @throws RangeError for one that is not finite, or no label. */
  look(): Generator<undefined, void>;
  /** Ends it: copies are freed, and what was to be freed meanwhile. */
  release(): void;
}

/** X and Y in linear memory, their shapes and dtypes checked, their values not yet. */
export function borrow(
  who: string,
  X: ArrayInput,
  Y: ArrayInput,
  settled: Settled,
  { sampleWeight, classWeight }: Weighting = {},
): Loan {
  const given = new Arguments(who);
  try {
    // Samples in rows are also a wrong number of features; the likelier of the two is said first.
    if (X instanceof NDArray && Y instanceof NDArray) checkLabelShape(who, X.shape, Y.shape);
    const dtype = settled.dtype ?? ownDType(X) ?? ownDType(Y);
    const samples = samplesFrom(who, given, X, { ...settled, dtype });
    const labels = given.place("Y", Y, samples.dtype, samples.runtime);
    checkLabelShape(who, samples.X.shape, labels.shape);
    checkWith(who, samples, "Y", labels);
    let S: NDArray | undefined;
    if (sampleWeight !== undefined) {
      S = given.place("sampleWeight", sampleWeight, samples.dtype, samples.runtime);
      checkSameShape(who, "sampleWeight", S.shape, [1, samples.count]);
      checkWith(who, samples, "sampleWeight", S);
    }
    const { count, dtype: same, runtime } = samples;
    // The products are not there before the labels are checked.
    const room = () => ({ data: new Float32Array(count), shape: [1, count] });
    const products = classWeight && given.place("classWeight", room(), same, runtime);
    const data = new Dataset(samples.X, labels, products ?? S);
    const check = function* () {
      yield* look(who, data, settled.classes);
      if (data.S) yield* weigh(who, data, S, classWeight, settled.classes);
    };
    return { data, look: check, release: () => given.release() };
  } catch (error) {
    given.release();
    throw error;
  }
}

/** Runs `body` with X checked and in linear memory; copies are freed afterwards, whatever happens. */
export function withSamples<R>(who: string, X: ArrayInput, settled: Settled, body: (samples: Samples) => R): R {
  const given = new Arguments(who);
  try {
    const samples = samplesFrom(who, given, X, settled);
    for (const _ of look(who, samples));
    return body(samples);
  } finally {
    given.release();
  }
}

/** Runs `body` with X and Y checked and in linear memory; copies are freed afterwards, whatever happens. */
export function withDataset<R>(
  who: string,
  X: ArrayInput,
  Y: ArrayInput,
  settled: Settled,
  body: (data: Dataset) => R,
  weighting?: Weighting,
): R {
  const loan = borrow(who, X, Y, settled, weighting);
  try {
    for (const _ of loan.look());
    return body(loan.data);
  } finally {
    loan.release();
  }
}

function samplesFrom(who: string, given: Arguments, X: ArrayInput, settled: Settled): Samples {
  const dtype = settled.dtype ?? ownDType(X) ?? "f32";
  const samples = new Samples(given.place("X", X, dtype, settled.runtime));
  checkSampleShape(who, samples.X.shape, settled.features);
  if (samples.dtype !== dtype) mixedDTypes(who, "X", samples.dtype, "the model", dtype);
  if (settled.runtime && samples.runtime !== settled.runtime) mixedRuntimes(who);
  return samples;
}

/** Checks that an array goes with the samples. */
function checkWith(who: string, { dtype, runtime }: Samples, name: string, array: NDArray): void {
  if (array.dtype !== dtype) mixedDTypes(who, "X", dtype, name, array.dtype);
  if (array.runtime !== runtime) mixedRuntimes(who);
}

/** Elements that are looked at between two yields. */
const LOOK = 2 ** 20;

/** Checks every value of X, and of Y if there is one; yields in between, so that large data can be looked at in slices. */
function* look(who: string, samples: Samples, classes = Infinity): Generator<undefined, void> {
  const { features, count, X: values, kernel } = samples;
  const { x, x_rs, x_cs, itemSize: bytes } = samples.place;
  const columns = Math.max(1, Math.floor(LOOK / features));
  for (let start = 0; start < count; start += columns) {
    if (start > 0) yield;
    const some = Math.min(columns, count - start);
    const found = kernel.find_non_finite(features, some, x + start * x_cs * bytes, x_rs, x_cs);
    if (found < 0) continue;
    const [row, column] = [Math.floor(found / some), start + (found % some)];
    notFinite(who, row, column, values.item(row, column));
  }
  if (samples instanceof Dataset) samples.checkLabels(who, classes);
}
