/** Fits that let the calling thread do other things: in slices, with progress, and as a loop over epochs. */
import { drive, Slices } from "./driving.ts";
import type { AsyncOptions, Filled } from "./fit-options.ts";
import type { Fit } from "./fitting.ts";
import { type Execution, type History, type OnEpoch, type Progress, Reporter } from "./history.ts";

/** Tells `onEpoch` of epochs, not more often than asked for, and of the last one always. */
class Herald {
  readonly #onEpoch: OnEpoch;
  readonly #reporter: Reporter;
  readonly #pause: number;
  readonly #epochs: number;
  #due = Number.NEGATIVE_INFINITY;
  #told = 0;

  constructor(onEpoch: OnEpoch, history: History, epochs: number, pause: number) {
    this.#onEpoch = onEpoch;
    this.#reporter = new Reporter(history, epochs);
    this.#pause = pause;
    this.#epochs = epochs;
  }

  /** Whether an epoch is to be told. */
  isDue(epoch: number): boolean {
    return epoch === this.#epochs || performance.now() >= this.#due;
  }

  tell(epoch: number): unknown {
    this.#told = epoch;
    this.#due = performance.now() + this.#pause;
    return this.#onEpoch(this.#reporter.progress(epoch));
  }

  /** Tells the last epoch if that has not happened yet. */
  async end(epoch: number): Promise<void> {
    if (epoch > this.#told) await this.tell(epoch);
  }
}

/** Runs a fit on the calling thread in slices. `follow` is called before each epoch that is told. */
export async function fitInSlices(
  fit: Fit,
  options: Filled<AsyncOptions>,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
  execution: Execution = IN_SLICES,
): Promise<History> {
  const training = fit.begin();
  const { history } = training;
  history.execution = execution;
  const { signal } = options;
  const herald = onEpoch && new Herald(onEpoch, history, fit.learner.settings.epochs, options.progressMs);
  const keeps = signal !== undefined && options.onAbort === "keep";
  const hear = (epoch: number): unknown => {
    if (keeps) fit.keep(epoch);
    if (!herald?.isDue(epoch)) return true;
    follow?.();
    return herald.tell(epoch);
  };
  await drive(training, {
    hear: keeps || herald ? hear : undefined,
    slices: new Slices(options.sliceMs),
    throwIfAborted: () => signal?.throwIfAborted(),
  });
  await herald?.end(history.epochs);
  return history;
}

const IN_SLICES: Execution = { mode: "slices", threads: 1, reason: "threads were not asked for" };

/** What a consumer of epochs has left to do. */
type Waiting<T> = { resolve(value: T): void; reject(reason: unknown): void };

/** Turns a training that tells its epochs and waits for each answer into a loop. */
export async function* handOver(
  train: (hear: OnEpoch) => Promise<History>,
): AsyncGenerator<Progress, History, void> {
  let consumer: Waiting<Progress | undefined> | undefined;
  let answer: ((goOn: boolean) => void) | undefined;
  const next = (): Promise<Progress | undefined> =>
    new Promise((resolve, reject) => {
      consumer = { resolve, reject };
    });
  let told = next();
  const history = train((progress) => {
    consumer!.resolve(progress);
    return new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  });
  history.then(
    () => consumer!.resolve(undefined),
    (error) => consumer!.reject(error),
  );
  try {
    for (let progress = await told; progress; progress = await told) {
      yield progress;
      told = next();
      answer!(true);
      answer = undefined;
    }
    return await history;
  } finally {
    // The consumer left the loop: the training stops where it is.
    answer?.(false);
    await history.catch(() => {});
  }
}
