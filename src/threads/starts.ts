/**
 * How workers started, so that a script that is wrong is not asked for by every fit, each time to be refused by a policy,
 * not to be found, or to be waited for.
 */
import type { Kind } from "./team.ts";

/** What the workers were made of that were asked for last: what is known is about these. */
let last: Pick<Kind, "url" | "code"> | undefined;

/**
 * How the first start went, with shared memory and without: what went wrong, or undefined. Later ones do not count: a
 * script that has started once is not wrong, whatever else goes wrong.
 */
const firsts = new Map<boolean, { error: unknown } | undefined>();

function isLast({ url, code }: Kind): boolean {
  return last !== undefined && url === last.url && code === last.code;
}

/** @throws what has kept workers of this kind from starting. */
export function checkStart(kind: Kind): void {
  if (!isLast(kind)) forgetStarts();
  last = kind;
  const failure = firsts.get(kind.shared);
  if (failure) throw failure.error;
}

/** Remembers how a start went. */
export function noteStart(kind: Kind, failure?: { error: unknown }): void {
  if (isLast(kind) && !firsts.has(kind.shared) && !isPassing(failure?.error)) firsts.set(kind.shared, failure);
}

/** Whether it says nothing about the script and may be over in a moment: no memory, or no thread to be had from Node. */
function isPassing(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  return name === "RangeError" || code === "ERR_WORKER_INIT_FAILED" || code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** Gives every script another chance. */
export function forgetStarts(): void {
  firsts.clear();
}
