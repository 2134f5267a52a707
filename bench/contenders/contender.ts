/** What the suite asks of an implementation: each piece of work made ready on its own copy of the inputs. */
import type { Work } from "../work.ts";

/** The answer, or a sample of it that was taken elsewhere as `sampled` takes it. */
export type Answer = ArrayLike<number> | { sample: number[]; length: number };

/** Work made ready. It is run over and over on the same inputs, which stay what they are. */
interface Ready {
  /**
   * Numbers that every contender must agree on: the result, or the costs and weights after the first
   * `CHECKED_ITERATIONS` iterations. Asked for once, before the first turn.
   */
  answer(): Answer | Promise<Answer>;
  /** Gives memory back. */
  release?(): void;
}

/** Work that is a function call; training does one iteration a call. */
export interface Runnable extends Ready {
  run(): unknown;
  /** True if `run` returns a promise to be awaited. */
  async?: boolean;
  /** Called before each turn, outside of the times. */
  before?(): Promise<void>;
}

/** Work that takes its own times, such as iterations inside one fit, or in another process. */
export interface SelfTimed extends Ready {
  /**
   * Runs for about so many milliseconds in batches of `batch` runs; returns each batch's time divided by
   * `batch`, in milliseconds (or bytes where the row's unit says so).
   */
  turn(milliseconds: number, batch: number): number[] | Promise<number[]>;
}

/** Work made ready. */
export type Prepared = Runnable | SelfTimed;

/** An implementation that takes part. */
export interface Contender {
  name: string;
  /** The version that runs. */
  version: string;
  /** What it does that a reader should know: threads, conversions. */
  note?: string;
  /** True for limits of the machine, whose answer is nothing to compare. */
  reference?: boolean;
  /** How far its numbers may be from those of the others, relative to the largest, where that is known to be much. */
  tolerance?: number;
  /** True where its mathematics are others, so that it verifies itself. */
  verifiesItself?: boolean;
  /** Makes work ready; undefined where the implementation has no such thing. */
  prepare(work: Work): Prepared | undefined | Promise<Prepared | undefined>;
}

/** Work that writes its result into the same place each time. */
export function writing(result: ArrayLike<number>, run: () => unknown): Runnable {
  return {
    run,
    answer: () => {
      run();
      return result;
    },
  };
}
