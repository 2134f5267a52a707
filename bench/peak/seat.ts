/** What the workers of together.ts share. */

/** Words that the workers share. */
export const Word = { fork: 0, done: 16, present: 32 } as const;

/** What a worker is given. */
export interface Seat {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  index: number;
  workers: number;
}

/** A turn: an exported function, with what this worker calls it with, over and over. */
export interface Turn {
  name: string;
  share: number[];
  milliseconds: number;
}
