/** The way to the workers: a module of its own, loaded when it is first needed. */

type Threads = typeof import("./threads/run.ts");

let threads: Threads | undefined;

/** The module that runs work in workers. */
export async function loadThreads(): Promise<Threads> {
  threads ??= await import("./threads/run.ts");
  return threads;
}

/** The same if it has been loaded. */
export function loadedThreads(): Threads | undefined {
  return threads;
}

/** How many workers there are, and the bytes of memory that they share. */
export function census(): { workers: number; bytes: number } {
  return threads?.census() ?? { workers: 0, bytes: 0 };
}

/**
 * Ends all workers: those without work at once, the others when their work is done. Nobody needs to call it: workers
 * without work end after half a minute, and never keep a process alive.
 */
export async function releaseThreads(): Promise<void> {
  await threads?.releaseThreads();
}
