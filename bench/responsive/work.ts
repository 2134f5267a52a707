/** The fits that are watched, in Node and in pages alike. */
import type { Mode } from "./recording.ts";

/** The package, from wherever the caller has it. */
export type Fourlane = typeof import("../../src/index.ts");

/** A fit that goes on until it is stopped. */
export interface Endless {
  name: string;
  /** Resolves when it has stopped: because the time was over, or with the signal. */
  run(
    mode: Mode,
    until: { milliseconds?: number; signal?: AbortSignal; onAbort?: "keep" | "restore" },
  ): Promise<void>;
  release(): void;
}

/** The shapes: one whose limit is memory, one whose limit is arithmetic. */
export const SHAPES = [
  { name: "logistic 10^6 × 32", n_x: 32, n_1: 0, m: 1_000_000 },
  { name: "two-layer (784, 128, 10000)", n_x: 784, n_1: 128, m: 10_000 },
] as const;

/** Makes a fit ready. @throws Error, later, where it did not run in the mode that was asked for. */
export function endless(fourlane: Fourlane, { name, n_x, n_1, m }: (typeof SHAPES)[number]): Endless {
  const random = new fourlane.Random(1);
  // Samples in rows, as most people have them; the model takes the transpose.
  const X = random.uniform([m, n_x], { low: -1, high: 1 });
  const Y = fourlane.full([1, m], 0);
  Y.data.forEach((_, j, labels) => {
    labels[j] = Number(X.item(j, 0) > 0);
  });
  const shared = { learningRate: 0.1, epochs: 2 ** 30 };
  const model =
    n_1 === 0 ? new fourlane.LogisticRegression(shared) : new fourlane.TwoLayerNetwork({ ...shared, hidden: n_1 });
  return {
    name,
    async run(mode, { milliseconds = Number.POSITIVE_INFINITY, signal, onAbort = "restore" }) {
      const start = performance.now();
      const history = await model.fitAsync(X.T, Y, {
        ...(mode === "2 threads" && { threads: 2 }),
        ...(signal && { signal }),
        onAbort,
        onEpoch: () => performance.now() - start < milliseconds,
      });
      const { threads, reason } = history.execution;
      if (threads !== (mode === "2 threads" ? 2 : 1)) throw new Error(reason);
    },
    release() {
      for (const each of [X, Y, model]) each.free();
    },
  };
}
