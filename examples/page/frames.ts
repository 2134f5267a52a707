/** Whether the page freezes: how many frames it draws, and how long it ever waited for one. */

/** Counts frames. Times are milliseconds. */
export class Frames {
  #last: number | undefined;
  #recent: number[] = [];
  #longest = 0;

  /** A frame at this time. */
  tick(now: number): void {
    if (this.#last !== undefined) this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    this.#recent.push(now);
    while (this.#recent[0]! <= now - 1000) this.#recent.shift();
  }

  /** Forgets the pauses so far, as at the start of a training. */
  reset(): void {
    this.#longest = 0;
  }

  /** Forgets the last frame: the pause that follows is not the page's, such as that of a hidden tab. */
  skip(): void {
    this.#last = undefined;
  }

  /** Frames of the last second. */
  get perSecond(): number {
    return this.#recent.length;
  }

  /** The longest pause between two frames since the last reset. */
  get longest(): number {
    return this.#longest;
  }
}

/** Where something that goes to and fro once in `period` is at a time: from 0 to 1 and back, slower at the ends. */
export function swing(now: number, period: number): number {
  return (1 - Math.cos((2 * Math.PI * now) / period)) / 2;
}
