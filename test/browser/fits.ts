/** Fits that are long enough for workers, and what they come to: in a page, or in Node for comparison. */
import type {
  Execution,
  FitAsyncOptions,
  History,
  LogisticRegression,
  NDArray,
  TwoLayerNetwork,
} from "../../src/index.ts";
import type { Page } from "./browsers.ts";
import { type Fourlane, packageInNode } from "./work.ts";

/** A fit, as a page is told of it. */
export interface Plan {
  model: "LogisticRegression" | "TwoLayerNetwork";
  dtype: "f32" | "f64";
  batchSize?: number | undefined;
  epochs: number;
}

/** What a fit came to. */
export interface Learned {
  weights: (Float32Array | Float64Array)[];
  cost: number[];
  stopped: History["stopped"];
  execution: Execution;
}

/** Epochs that threads can gain from, also where they have to start first. */
export const EPOCHS = { LogisticRegression: 300, TwoLayerNetwork: 150 };
/** The same where one worker is all there is. */
export const MANY_EPOCHS = { LogisticRegression: 1250, TwoLayerNetwork: 660 };

/** Both data types, full batches and mini-batches of a model. */
export function plansFor(model: Plan["model"]): Plan[] {
  return (["f32", "f64"] as const).flatMap((dtype) =>
    [undefined, 4096].map((batchSize) => ({ model, dtype, batchSize, epochs: EPOCHS[model] })),
  );
}

/** A fit that suits most tests. */
export const NETWORK: Plan = { model: "TwoLayerNetwork", dtype: "f32", epochs: EPOCHS.TwoLayerNetwork };
/** The same for one worker. */
export const LONG_NETWORK: Plan = { ...NETWORK, epochs: MANY_EPOCHS.TwoLayerNetwork };

/** Where functions that run in a page find the fit that was prepared. */
export type Stage = typeof globalThis & {
  fit: {
    model: LogisticRegression | TwoLayerNetwork;
    X: NDArray;
    Y: NDArray;
    /** A copy of the parameters. */
    weights(): Learned["weights"];
  };
};

/**
 * Prepares a plan on `globalThis.fit`. Sizes fill no vector, tile or batch; the numbers come from the package, since
 * nothing else has the same bits everywhere.
 */
export function prepare(fourlane: Fourlane, { model: name, dtype, batchSize, epochs }: Plan): void {
  const { array, configure, LogisticRegression, mul, Random, scope, sum, TwoLayerNetwork } = fourlane;
  configure({ reproducible: true });
  const [features, samples] = name === "TwoLayerNetwork" ? [20, 25_001] : [65, 40_003];
  const X = new Random(5).normal([samples, features], { dtype }).T;
  const labels = scope(() => {
    const products = sum(mul(X.rows(0, 3), X.rows(1, 4)), { axis: 0, keepDims: true });
    return products.data.map((product) => (product > 0.1 ? 1 : 0));
  });
  const Y = array(labels, { shape: [1, samples] });
  // Shuffling takes the regression longer than learning.
  const batches = batchSize && { batchSize, shuffle: name === "TwoLayerNetwork" };
  const options = { learningRate: 0.5, epochs, dtype, seed: 3, l2: 0.1, ...batches };
  const network = new TwoLayerNetwork({ hidden: 24, ...options });
  const regression = new LogisticRegression(options);
  (globalThis as Stage).fit =
    name === "TwoLayerNetwork"
      ? { model: network, X, Y, weights: () => Object.values(network.parameters).map(({ data }) => data.slice()) }
      : { model: regression, X, Y, weights: () => [regression.w.data.slice(), Float64Array.of(regression.b)] };
}

/** Trains what was prepared with `fitAsync`, or `fit` where there are no options. */
export async function train(_: Fourlane, options?: FitAsyncOptions): Promise<Learned> {
  const { model, X, Y, weights } = (globalThis as Stage).fit;
  const { cost, stopped, execution } = options ? await model.fitAsync(X, Y, options) : model.fit(X, Y);
  return { weights: weights(), cost, stopped, execution };
}

/** Does a plan in a page. */
export async function learn(page: Page, plan: Plan, options: { threads?: number | "auto" }): Promise<Learned> {
  await page.run(prepare, plan);
  return page.run(train, options);
}

const known = new Map<string, Promise<Learned>>();

/** What `fit` makes of a plan in Node. */
async function inNode(plan: Plan): Promise<Learned> {
  const fourlane = await packageInNode();
  prepare(fourlane, plan);
  return train(fourlane);
}

/** The same training, wherever it ran. */
export async function sameAsInNode(plan: Plan): Promise<Omit<Learned, "execution">> {
  const key = JSON.stringify(plan);
  if (!known.has(key)) known.set(key, inNode(plan));
  const { execution: _, ...learned } = await known.get(key)!;
  return learned;
}
