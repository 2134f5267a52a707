/** What this host is, and what it lets threads do. */

interface NodeHost {
  process?: { getBuiltinModule?(name: string): unknown };
  navigator?: { hardwareConcurrency?: number };
  SharedArrayBuffer?: unknown;
  Worker?: unknown;
  crossOriginIsolated?: boolean;
}

/** A module of Node, Deno or Bun; asked for like this, it is no concern of bundlers. Undefined elsewhere. */
export function builtin<T>(name: string): T | undefined {
  return (globalThis as NodeHost).process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

/** How many threads run at the same time. */
export function processors(): number {
  const { navigator } = globalThis as NodeHost;
  const count =
    navigator?.hardwareConcurrency ?? builtin<{ availableParallelism?(): number }>("os")?.availableParallelism?.();
  return count ?? 1;
}

/** What threads can do here; `reason` says why not more, with the remedy. */
export interface Threading {
  /** Whether there are workers. */
  workers: boolean;
  /** Whether they can share memory. */
  shared: boolean;
  reason: string;
}

/** Looks at the host, for a kernel that is made of `code`. `node`: whether there are Node's workers. */
export function threading(code: unknown, node = builtin("worker_threads") !== undefined): Threading {
  if (!code) return { workers: false, shared: false, reason: 'workers need the wasm kernel. Import "fourlane"' };
  const host = globalThis as NodeHost;
  const workers = node || typeof host.Worker === "function";
  if (!workers) return { workers, shared: false, reason: "this host has no workers" };
  if (!node && host.crossOriginIsolated !== true) {
    const reason =
      "this page is not cross-origin isolated, so workers cannot share memory. Serve it with the headers " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
    return { workers, shared: false, reason };
  }
  const shared = typeof host.SharedArrayBuffer === "function";
  return { workers, shared, reason: shared ? "workers can share memory" : "this host has no shared memory" };
}
