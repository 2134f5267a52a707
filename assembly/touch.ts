/**
 * Reading ahead. WebAssembly has no instruction that prefetches, but a load whose value nobody uses brings its line
 * all the same; loads that follow each other closely wait for main memory together.
 */

/** An array of more bytes may well lie in main memory; one of fewer is reached sooner without `touch`. */
export const CACHED: usize = 1 << 22;
const CACHE_LINE: usize = 64;
/** Runs of memory that processors fetch ahead in, each on its own, at the same time: with 32 they gave up. */
export const RUNS: i32 = 16;

/** Reads a byte of every cache line from p to end. */
export function touch(p: usize, end: usize): void {
  for (; p < end; p += CACHE_LINE) load<u8>(p);
}

/** Reads a byte of every cache line of `rows` rows of `length` bytes, the first at p, each `step` bytes after the last. */
export function touchRows(rows: i32, p: usize, step: usize, length: usize): void {
  for (; rows > 0; rows -= RUNS, p += <usize>RUNS * step) {
    const height = <usize>min(rows, RUNS) * step;
    for (let i: usize = 0; i < length; i += CACHE_LINE) {
      const end = p + i + height;
      for (let q = p + i; q < end; q += step) load<u8>(q);
    }
  }
}
