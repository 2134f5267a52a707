/** Training with fourlane through its public interface: iterations are timed inside one running `fit`. */
import * as fourlane from "../../src/index.ts";
import {
  CHECKED_ITERATIONS,
  fitInputs,
  LEARNING_RATE,
  labels,
  logisticInputs,
  twoLayerInputs,
  uniform,
} from "../inputs.ts";
import type { WorkOf } from "../work.ts";
import type { Runnable, SelfTimed } from "./contender.ts";

/** Either model. */
export type Model = fourlane.LogisticRegression | fourlane.TwoLayerNetwork;

/** A training to be timed: a model for so many epochs, its data, and what to free. */
export interface Subject {
  model(epochs: number): Model;
  X: fourlane.NDArray;
  Y: fourlane.NDArray;
  made: readonly fourlane.NDArray[];
}

/** More epochs than any turn has. */
export const ENDLESS = 2 ** 30;

/**
 * Times of `batch` iterations inside a fit that stops when the turn is over. What a fit does once (looking for NaN
 * in the data, the cost before the first update) happens before the first of them.
 */
function turnsOf(train: (onEpoch: fourlane.OnEpoch) => unknown): SelfTimed["turn"] {
  return (milliseconds, batch) => {
    const times: number[] = [];
    let end = 0;
    let last = 0;
    let count = 0;
    train(() => {
      if (count === 0) {
        last = performance.now();
        end = last + milliseconds;
      } else if (count % batch === 0) {
        const now = performance.now();
        times.push((now - last) / batch);
        if (now >= end) return false;
        last = performance.now();
      }
      count++;
      return true;
    });
    return times;
  };
}

/** A model's parameters in the order in which everyone's are compared. */
function parametersOf(model: Model): fourlane.NDArray[] {
  if (model instanceof fourlane.LogisticRegression) return [model.w, fourlane.full([1], model.b)];
  const { W1, b1, W2, b2 } = model.parameters;
  return [W1, b1, W2, b2];
}

/** What trainings are compared by: the first costs, and the parameters after the last of them. */
export function found(model: Model, { cost }: fourlane.History): number[] {
  const parameters = parametersOf(model).flatMap((array) => [array.toArray()].flat(2) as number[]);
  return [...cost.slice(0, CHECKED_ITERATIONS), ...parameters];
}

/** Iterations of `fit`. */
export function training({ model, X, Y, made }: Subject): SelfTimed {
  const endless = model(ENDLESS);
  return {
    turn: turnsOf((onEpoch) => endless.fit(X, Y, { onEpoch })),
    answer() {
      const few = model(CHECKED_ITERATIONS);
      const answer = found(few, few.fit(X, Y));
      few.free();
      return answer;
    },
    release() {
      endless.free();
      for (const array of made) array.free();
    },
  };
}

/** A model with its data. */
export function subject(work: WorkOf<"logistic" | "two-layer">): Subject {
  return work.kind === "logistic" ? logistic(work) : twoLayer(work);
}

/** Logistic regression. Samples in rows are handed over as the transpose, a view. */
function logistic(work: WorkOf<"logistic">): Subject {
  const { n_x, m, samplesIn } = work;
  const inputs = logisticInputs(work);
  const X = fourlane.array(inputs.X, { shape: samplesIn === "rows" ? [m, n_x] : [n_x, m] });
  const Y = fourlane.array(inputs.Y, { shape: [1, m] });
  return {
    model: (epochs) => new fourlane.LogisticRegression({ learningRate: LEARNING_RATE, epochs }),
    X: samplesIn === "rows" ? X.T : X,
    Y,
    made: [X, Y],
  };
}

/** The two-layer network. */
function twoLayer(work: WorkOf<"two-layer">): Subject {
  const { dtype, n_x, n_1, m } = work;
  const inputs = twoLayerInputs(work);
  const X = fourlane.array(inputs.X, { shape: [n_x, m] });
  const Y = fourlane.array(inputs.Y, { shape: [1, m] });
  const initialization = {
    W1: fourlane.array(inputs.W1, { shape: [n_1, n_x] }),
    b1: fourlane.zeros([n_1, 1], { dtype }),
    W2: fourlane.array(inputs.W2, { shape: [1, n_1] }),
    b2: fourlane.zeros([1, 1], { dtype }),
  };
  const learningRate = LEARNING_RATE;
  return {
    model: (epochs) => new fourlane.TwoLayerNetwork({ hidden: n_1, learningRate, epochs, initialization }),
    X,
    Y,
    made: [X, Y, ...Object.values(initialization)],
  };
}

/** A whole fit from typed arrays: the copy into the kernel's memory counts. */
export function logisticFit(work: WorkOf<"logistic-fit">): Runnable {
  const { n_x, m, iterations } = work;
  const { X, Y } = fitInputs(work);
  const trained = () => {
    const model = new fourlane.LogisticRegression({ learningRate: LEARNING_RATE, epochs: iterations });
    const x = fourlane.array(X, { shape: [m, n_x] });
    const y = fourlane.array(Y, { shape: [1, m] });
    model.fit(x.T, y);
    const finish = <R>(result: R): R => {
      for (const each of [x, y, model]) each.free();
      return result;
    };
    return { finish, score: () => model.score(x.T, y) };
  };
  return {
    run: () => trained().finish(undefined),
    answer: () => {
      const { finish, score } = trained();
      return [finish(score())];
    },
  };
}

/** Bytes of a fit beyond data and parameters: what linear memory grew by, or held at most, at any epoch. */
export function fitMemory({ n_x, n_1, m }: WorkOf<"fit-memory">): SelfTimed {
  const X = fourlane.array(uniform("f32", n_x * m, 4), { shape: [n_x, m] });
  const Y = fourlane.array(labels("f32", m), { shape: [1, m] });
  const start = fourlane.info().memory;
  return {
    turn() {
      let most = 0;
      const onEpoch = () => {
        const { used, scratch } = fourlane.info().memory;
        most = Math.max(most, used + scratch - start.used);
      };
      const options = { epochs: 2, onEpoch };
      const model =
        n_1 === 0
          ? new fourlane.LogisticRegression(options)
          : new fourlane.TwoLayerNetwork({ ...options, hidden: n_1 });
      model.fit(X, Y);
      model.free();
      return [Math.max(most, fourlane.info().memory.total - start.total)];
    },
    answer: () => [],
    release() {
      X.free();
      Y.free();
    },
  };
}
