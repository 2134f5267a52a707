/** What the workers of streams.ts share. */

/** Words that the workers share. */
export const Word = { fork: 0, done: 16, present: 32 } as const;

/** What a worker is given. */
export interface Seat {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  index: number;
  workers: number;
  /** Address and bytes of its share. */
  start: number;
  size: number;
}
