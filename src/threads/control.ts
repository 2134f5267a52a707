/**
 * Fork and join over a few shared words.
 *
 * One word, the ticket, holds all that a thread must see at once: the number of the fork, how many parts it has, and
 * which is taken next. A thread takes a part by raising the ticket from the value it has seen; so it cannot take a part
 * of a fork that is over, and whoever raised it may read the fork's words until its part counts as done.
 *
 *   0  ticket   number (15 bits) │ parts (8) │ next (8); or −1: the job is over
 *   16 done     parts that are done
 *   32 abort    1: give the job up
 *   48 answer   see hear in session.ts
 *   64 words    of the fork, for whoever takes a part: as many as parts, and some
 *   192         the result of each part, f64
 *
 * Words that different threads write lie in different cache lines.
 */

/** The most parts of a fork. */
export const MOST_PARTS = 64;

const TICKET = 0;
const DONE = 16;
const ABORT = 32;
const ANSWER = 48;
const WORDS = 64;
const RESULTS = WORDS + 64 + MOST_PARTS;
const OVER = -1;

/** Milliseconds that a thread looks for news before it goes to sleep, from which it needs some 0.05 ms to wake. */
const SPIN = 0.1;

/** What was said about an epoch that was told. */
export const Answer = { none: 0, goOn: 1, stop: 2, awaited: 3 } as const;

/** The words of one team, seen from one of its threads. */
export class Control {
  /** Words of the fork: what its parts are computed from. */
  readonly words: Int32Array;
  /** The result of each part. */
  readonly results: Float64Array;
  readonly #shared: Int32Array;

  /** Bytes it takes. */
  static readonly bytes = 4 * RESULTS + 8 * MOST_PARTS;

  constructor(buffer: SharedArrayBuffer) {
    this.#shared = new Int32Array(buffer, 0, RESULTS);
    this.words = this.#shared.subarray(WORDS);
    this.results = new Float64Array(buffer, 4 * RESULTS);
  }

  /** Before a job: nothing to take yet, nothing aborted. */
  reset(): void {
    for (const word of [TICKET, DONE, ABORT, ANSWER]) Atomics.store(this.#shared, word, 0);
  }

  /** Asks everybody to give the job up. */
  abort(): void {
    Atomics.store(this.#shared, ABORT, 1);
    this.answer(Answer.stop);
  }

  get aborted(): boolean {
    return Atomics.load(this.#shared, ABORT) === 1;
  }

  /** What was last said about an epoch. */
  get answered(): number {
    return Atomics.load(this.#shared, ANSWER);
  }

  /** Says something about an epoch. */
  answer(value: number): void {
    Atomics.store(this.#shared, ANSWER, value);
    Atomics.notify(this.#shared, ANSWER);
  }

  /** Sleeps until an epoch is answered. */
  awaitAnswer(): number {
    Atomics.wait(this.#shared, ANSWER, Answer.awaited);
    return this.answered;
  }

  /**
   * Has `parts` parts computed by all threads of the team, this one included, and waits for them. When it is given up
   * at a yield, it waits until nobody computes any more.
   *
   * @returns the result of each part, until the next fork.
   */
  *fork(parts: number, compute: Compute): Generator<undefined, Float64Array> {
    const shared = this.#shared;
    const number = (((shared[TICKET]! >> 16) + 1) & 0x7fff) << 16;
    Atomics.store(shared, DONE, 0);
    Atomics.store(shared, TICKET, number | (parts << 8));
    Atomics.notify(shared, TICKET);
    let mine = this.#take();
    try {
      while (mine >= 0) {
        this.results[mine] = yield* compute(mine);
        this.#done();
        mine = this.#take();
        if (mine >= 0) yield;
      }
    } finally {
      // Left early, parts are still open: this thread's own, and those that nobody took.
      for (; mine >= 0; mine = this.#take()) this.#done();
      this.#join(parts);
    }
    return this.results;
  }

  /**
   * Computes parts of forks until the job is over. The result of a part that was given up, because the job was, is NaN.
   *
   * @throws what `compute` throws; the job is given up then.
   */
  help(compute: Compute): void {
    const shared = this.#shared;
    for (;;) {
      const part = this.#take();
      if (part >= 0) {
        this.results[part] = Number.NaN;
        try {
          const steps = compute(part);
          let step = steps.next();
          while (!step.done && !this.aborted) step = steps.next();
          if (step.done) this.results[part] = step.value;
        } catch (error) {
          this.abort();
          throw error;
        } finally {
          // Whatever happened, somebody waits for this part.
          this.#done();
        }
        continue;
      }
      const ticket = Atomics.load(shared, TICKET);
      if (ticket === OVER) return;
      if (next(ticket) >= parts(ticket)) this.#await(TICKET, ticket);
    }
  }

  /** Lets the helpers go. */
  end(): void {
    Atomics.store(this.#shared, TICKET, OVER);
    Atomics.notify(this.#shared, TICKET);
  }

  /** Takes a part of the present fork; −1 where none is left. */
  #take(): number {
    const shared = this.#shared;
    for (let ticket = Atomics.load(shared, TICKET); ; ) {
      if (ticket === OVER || next(ticket) >= parts(ticket)) return -1;
      const found = Atomics.compareExchange(shared, TICKET, ticket, ticket + 1);
      if (found === ticket) return next(ticket);
      ticket = found;
    }
  }

  #done(): void {
    Atomics.add(this.#shared, DONE, 1);
    Atomics.notify(this.#shared, DONE);
  }

  #join(parts: number): void {
    for (let done = Atomics.load(this.#shared, DONE); done < parts; done = Atomics.load(this.#shared, DONE)) {
      this.#await(DONE, done);
    }
  }

  /** Waits while a word has a value: awake at first, since most waits are short. */
  #await(word: number, value: number): void {
    const shared = this.#shared;
    const end = performance.now() + SPIN;
    do {
      for (let i = 0; i < 64; i++) if (Atomics.load(shared, word) !== value) return;
    } while (performance.now() < end);
    Atomics.wait(shared, word, value);
  }
}

/** Computes one part; yields where it may be given up. */
export type Compute = (part: number) => Generator<undefined, number>;

function next(ticket: number): number {
  return ticket & 255;
}

function parts(ticket: number): number {
  return (ticket >> 8) & 255;
}
