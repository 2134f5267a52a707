/** Runs a training without keeping its thread from everything else that goes on there. */
import type { Training } from "../training.ts";

interface Host {
  setImmediate?: (callback: () => void) => unknown;
  MessageChannel?: typeof MessageChannel;
}

/**
 * Resolves after the thread went back to its event loop: timers, input, rendering and requests have had their turn.
 * Timers cannot do this: browsers delay nested ones by 4 ms, and those of hidden pages by a second.
 */
export function breathe(): Promise<void> {
  const host = globalThis as Host;
  return new Promise((resolve) => {
    if (host.setImmediate) host.setImmediate(resolve);
    else if (host.MessageChannel) {
      const { port1, port2 } = new host.MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    } else setTimeout(resolve, 0);
  });
}

/** Time cut into slices, between which the thread breathes. */
export class Slices {
  readonly #length: number;
  readonly #stride: number;
  /** Steps until the clock is looked at. */
  #left: number;
  #end: number;

  /**
   * `length` of a slice in milliseconds; the first begins now. `stride`: steps that take next to nothing of it together.
   * The clock is looked at once in so many: a look takes a sixth of the time that an epoch of few samples does.
   */
  constructor(length: number, stride = 1) {
    this.#length = length;
    this.#stride = stride;
    this.#left = stride;
    this.#end = performance.now() + length;
  }

  /** Called after each step. Breathes if the slice is over; then a new one begins. Undefined if it is not. */
  next(): Promise<void> | undefined {
    if (--this.#left > 0) return undefined;
    this.#left = this.#stride;
    return performance.now() < this.#end ? undefined : this.#breathe();
  }

  async #breathe(): Promise<void> {
    await breathe();
    this.#end = performance.now() + this.#length;
  }
}

/**
 * Milliseconds at most between two breaths of a thread that only prepares samples for workers. Training is slower in
 * slices so short; looking at samples and copying them is not.
 */
const PREPARING = 2;

/** The slices of a thread that prepares samples for workers, no longer than `length`. */
export function preparing(length: number): Slices {
  return new Slices(Math.min(length, PREPARING));
}

/** Settles like a promise, or as `instead` does if an abort comes first; then nobody hears how the promise settles. */
export function unlessAborted<T>(
  promise: PromiseLike<T>,
  signal: AbortSignal,
  instead: () => T | PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => signal.removeEventListener("abort", abort);
    const abort = (): void => {
      end();
      resolve(instead());
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    promise.then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

/** What a listener answers, or false if an abort comes first: there are answers that never come. */
export function answerOf(answer: unknown, signal: AbortSignal | undefined): unknown {
  return signal && isPromise(answer) ? unlessAborted(answer, signal, () => false) : answer;
}

/** Who hears of a training, and who may end it. */
export interface Driver {
  /** Told of each epoch; false, also as a promise, stops there. */
  hear?: ((epoch: number) => unknown) | undefined;
  /** Where the training breathes; without slices it never does. */
  slices?: Slices | undefined;
  /** Throws where the training is to be given up. Asked whenever somebody else has had a turn. */
  throwIfAborted?(): void;
}

/** Runs a training to its end. What `hear` or `throwIfAborted` throw ends it at once. */
export async function drive(training: Training, driver: Driver): Promise<void> {
  const { hear, slices } = driver;
  const steps = training.steps();
  let goOn = true;
  try {
    for (let step = steps.next(true); !step.done; step = steps.next(goOn)) {
      goOn = true;
      if (step.value !== undefined && hear) {
        const answer = hear(step.value);
        goOn = (isPromise(answer) ? await answer : answer) !== false;
        driver.throwIfAborted?.();
      }
      if (slices) {
        const breath = slices.next();
        if (!breath) continue;
        await breath;
        driver.throwIfAborted?.();
      } else driver.throwIfAborted?.();
    }
  } finally {
    steps.return();
  }
}

/** Runs steps to their end, breathing after each that ends a slice. What `throwIfAborted` throws ends them at once. */
export async function finish<T>(
  steps: Generator<undefined, T>,
  slices: Slices,
  throwIfAborted: () => void,
): Promise<T> {
  try {
    for (;;) {
      const step = steps.next();
      const breath = slices.next();
      if (breath) {
        await breath;
        throwIfAborted();
      }
      if (step.done) return step.value;
    }
  } finally {
    steps.return(undefined as T);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined | null)?.then === "function";
}
