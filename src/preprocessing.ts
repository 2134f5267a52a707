/** What happens to data before training: scaling, splitting. */
import { checkFlag, checkOptions, checkSeed, checkTestSize, notFitted } from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import { type Dataset, withDataset, withSamples } from "./dataset.ts";
import { ownedArray } from "./descent.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { add, div, mul, sqrt, sub } from "./operations.ts";
import { Random } from "./random.ts";
import { max, mean, min } from "./reductions.ts";
import { scope } from "./storage.ts";

/**
 * Brings every feature to mean 0 and standard deviation 1: (x − mean)/scale, with the population's standard
 * deviation, as scikit-learn's. A constant feature keeps scale 1 and becomes 0.
 */
export class StandardScaler {
  /** Stays, where tools shorten names. */
  static readonly name = "StandardScaler";
  #mean: NDArray | undefined;
  #scale: NDArray | undefined;

  /** Learns mean and scale of each row of X (n_x, m). Returns this. */
  fit(X: ArrayInput): this {
    withSamples("StandardScaler.fit", X, {}, ({ X: values, features, count, dtype, runtime }) => {
      scope(() => {
        const center = mean(values, { axis: 1, keepDims: true });
        const centered = sub(values, center);
        const deviation = sqrt(mean(mul(centered, centered, { out: centered }), { axis: 1, keepDims: true }));
        const lowest = min(values, { axis: 1 });
        const highest = max(values, { axis: 1 });
        const learned = ownedArray(runtime, dtype, 2 * features, "StandardScaler.fit", "StandardScaler");
        this.free();
        this.#mean = learned.view([features, 1], [1, 1], 0);
        this.#scale = learned.view([features, 1], [1, 1], features);
        // Of equal values the mean may be a rounding away; they shall become exactly 0.
        const [low, high] = [lowest.data, highest.data];
        this.#mean.data.set(center.data.map((value, k) => (low[k] === high[k] ? low[k]! : value)));
        // Values that differ by rounding only count as equal; the bound is scikit-learn's, for both dtypes.
        const rounding = count * Number.EPSILON;
        const constant = (scale: number, k: number): boolean =>
          low[k] === high[k] || scale <= rounding * Math.abs(center.item(k, 0));
        this.#scale.data.set(deviation.data.map((scale, k) => (constant(scale, k) ? 1 : scale)));
      });
    });
    return this;
  }

  /** (X − mean)/scale: a new array (n_x, m). */
  transform(X: ArrayInput): NDArray {
    return this.#with("StandardScaler.transform", X, (values, means, scales) => {
      const centered = sub(values, means);
      return div(centered, scales, { out: centered });
    });
  }

  /** `fit`, then `transform`. */
  fitTransform(X: ArrayInput): NDArray {
    return this.fit(X).transform(X);
  }

  /** X·scale + mean: what `transform` had before. */
  inverseTransform(X: ArrayInput): NDArray {
    return this.#with("StandardScaler.inverseTransform", X, (values, means, scales) => {
      const scaled = mul(values, scales);
      return add(scaled, means, { out: scaled });
    });
  }

  /** Mean of each feature (n_x, 1). @throws Error before fit. */
  get mean(): NDArray {
    return this.#mean ?? notFitted("StandardScaler.mean", "StandardScaler");
  }

  /** What each feature is divided by (n_x, 1). @throws Error before fit. */
  get scale(): NDArray {
    return this.#scale ?? notFitted("StandardScaler.scale", "StandardScaler");
  }

  /** Gives the memory back; the scaler is then as if never fitted. */
  free(): void {
    this.#mean?.storage.release();
    this.#mean = undefined;
    this.#scale = undefined;
  }

  /** `using scaler = …` frees it at the end of the block. */
  [Symbol.dispose](): void {
    this.free();
  }

  #with(who: string, X: ArrayInput, body: (values: NDArray, means: NDArray, scales: NDArray) => NDArray): NDArray {
    const means = this.#mean ?? notFitted(who, "StandardScaler");
    const scales = this.#scale ?? notFitted(who, "StandardScaler");
    const settled = { dtype: means.dtype, features: means.size, runtime: means.runtime };
    return withSamples(who, X, settled, (samples) => body(samples.X, means, scales));
  }
}

/** Options of `trainTestSplit`. */
export interface SplitOptions {
  /** Samples for the test: a share below 1, rounded up, or a number of them. Default 0.25. */
  testSize?: number;
  /** Seed of the order, an integer from 0 to 2^53 − 1. Default 0. */
  seed?: number;
  /** Draw the test's samples at random; otherwise they are the last ones. Default true. */
  shuffle?: boolean;
  /** Give both parts the same share of each class, as nearly as counts allow. Default false. */
  stratify?: boolean;
}

/** New arrays, samples as columns. */
export interface Split {
  /** Samples to train on (n_x, m − m_test). */
  XTrain: NDArray;
  /** Samples to test with (n_x, m_test). */
  XTest: NDArray;
  /** Labels of XTrain (1, m − m_test). */
  YTrain: NDArray;
  /** Labels of XTest (1, m_test). */
  YTest: NDArray;
}

/** Splits X (n_x, m) and Y (1, m) into a part to train on and a part to test with: copies. */
export function trainTestSplit(X: ArrayInput, Y: ArrayInput, options: SplitOptions = {}): Split {
  const who = "trainTestSplit";
  checkOptions(who, options, ["testSize", "seed", "shuffle", "stratify"]);
  const { testSize = 0.25, seed = 0, shuffle = true, stratify = false } = options;
  checkSeed(who, seed);
  checkFlag(who, "shuffle", shuffle);
  checkFlag(who, "stratify", stratify);
  return withDataset(who, X, Y, {}, (data) => {
    const tests = checkTestSize(who, testSize, data.count);
    // The first samples of a random order are the test; without one, the last of the file.
    const order = shuffle
      ? new Random(seed).permutation(data.count)
      : Uint32Array.from({ length: data.count }, (_, i) => data.count - 1 - i);
    const chosen = stratify ? proportional(data, order, tests) : order.subarray(0, tests);
    const isTest = new Uint8Array(data.count);
    for (const i of chosen) isTest[i] = 1;
    // Both parts keep the order drawn, or that of the file, also where the classes were chosen apart.
    const kept = shuffle ? order : order.slice().sort();
    const [train, test] = [0, 1].map((part) => kept.filter((i) => isTest[i] === part)) as [
      Uint32Array,
      Uint32Array,
    ];
    return scope(() => {
      const [XTrain, YTrain] = take(data, train);
      const [XTest, YTest] = take(data, test);
      return { XTrain, XTest, YTrain, YTest };
    });
  });
}

/** The first samples of each class in the order, as many as its share of `tests`. */
function proportional(data: Dataset, order: Uint32Array, tests: number): number[] {
  const labels = Array.from(order, (i) => data.Y.item(0, i));
  let samples = 0;
  let chosen: number[] = [];
  for (const label of [...new Set(labels)].sort((a, b) => b - a)) {
    const own = order.filter((_, i) => labels[i] === label);
    samples += own.length;
    // Rounding the share of all classes so far lets no error grow.
    chosen = [...chosen, ...own.subarray(0, Math.round((tests * samples) / data.count) - chosen.length)];
  }
  return chosen;
}

/** Copies of the samples with these indices. */
function take(data: Dataset, indices: Uint32Array): [X: NDArray, Y: NDArray] {
  const { runtime, kernel, dtype } = data;
  const pick = (from: NDArray): NDArray => {
    const index = runtime.memory.scratch(4 * indices.length, "trainTestSplit");
    const to = empty([from.shape[0]!, indices.length], dtype, "trainTestSplit", runtime);
    runtime.memory.u32.set(indices, index / 4);
    kernel.take_columns(
      to.shape[0]!,
      indices.length,
      index,
      from.pointer,
      from.strides[0]!,
      from.strides[1]!,
      to.pointer,
      to.strides[0]!,
      to.strides[1]!,
    );
    return to;
  };
  return [pick(data.X), pick(data.Y)];
}
