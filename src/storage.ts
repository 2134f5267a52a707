/**
 * How long an array's bytes live: until `free()`, the end of its `scope`, or until nothing refers to it
 * any more and the collector says so.
 */
import { freedTwice, ownedByModel, scopeOfPromise } from "./check.ts";
import type { Block } from "./memory.ts";
import type { Runtime } from "./runtime.ts";

/** The bytes behind one array and all its views. */
export class Storage {
  readonly runtime: Runtime;
  readonly bytes: number;
  /** A model's name where the model owns the bytes: then only the model frees them. */
  readonly owner: string | undefined;
  #block: Block | undefined;
  #watched = false;
  #holds = 0;
  #givenBack = false;

  /** Takes `bytes` of the runtime's memory, contents undefined, for `who`. */
  constructor(runtime: Runtime, bytes: number, who: string, owner?: string) {
    this.runtime = runtime;
    this.bytes = bytes;
    this.owner = owner;
    this.#block = runtime.memory.allocate(bytes, who);
    watchLater(this);
    if (!owner && scopes.length > 0) scopes.at(-1)!.push(this);
  }

  /** Address of the first byte, or undefined once freed. */
  get offset(): number | undefined {
    return this.#block?.offset;
  }

  /** Whether the bytes were given back, even if somebody still holds them. */
  get freed(): boolean {
    return !this.#block || this.#givenBack;
  }

  /** Gives the bytes back; `who` is the caller, for the errors. */
  free(who: string): void {
    if (this.owner) ownedByModel(who, this.owner);
    if (this.freed) freedTwice(who);
    this.release();
  }

  /** Keeps the bytes where they are until `letGo`, whoever gives them back meanwhile. */
  hold(): void {
    this.#holds++;
  }

  /** Ends a `hold`. */
  letGo(): void {
    if (--this.#holds === 0 && this.#givenBack) this.release();
  }

  /** Gives the bytes back if that has not happened yet; while somebody holds them, when the last lets go. */
  release(): void {
    const block = this.#block;
    if (!block) return;
    this.#givenBack = this.#holds > 0;
    if (this.#givenBack) return;
    if (this.#watched) collector.unregister(this);
    this.runtime.memory.release(block);
    this.#block = undefined;
  }

  /** From now on the collector gives the bytes back if nobody else does. */
  watch(): void {
    if (!this.#block) return;
    this.#watched = true;
    collector.register(this, { runtime: this.runtime, block: this.#block }, this);
  }
}

// Holds the block, not the storage, or the storage would never be collected.
const collector = new FinalizationRegistry<{ runtime: Runtime; block: Block }>(({ runtime, block }) => {
  runtime.memory.release(block);
});

/**
 * Storages that the collector does not watch yet. It reports only when the thread goes back to its event loop, so
 * watching may wait until then, and most storages are freed by then. The wait is two microtasks, since a small fit through
 * `fitAsync` is over in the first.
 */
const fresh: Storage[] = [];
const MOST_FRESH = 1024;
let waiting = false;

function watchLater(storage: Storage): void {
  if (fresh.push(storage) === MOST_FRESH) watchAll();
  if (waiting) return;
  waiting = true;
  Promise.resolve().then().then(watchNow);
}

function watchNow(): void {
  waiting = false;
  watchAll();
}

function watchAll(): void {
  while (fresh.length > 0) fresh.pop()!.watch();
}

const scopes: Storage[][] = [];

/** Something that a scope's result may contain and that keeps bytes alive. */
export interface Stored {
  readonly storage: Storage;
}

function isStored(value: object): value is Stored {
  return "storage" in value && value.storage instanceof Storage;
}

/** Adds the storages within arrays and plain objects to `found`. */
function collect(value: unknown, found: Set<Storage>, seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (isStored(value)) found.add(value.storage);
  else if (Array.isArray(value)) for (const item of value) collect(item, found, seen);
  else if ([Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    for (const item of Object.values(value)) collect(item, found, seen);
  }
}

/**
 * Runs `body` and frees every array made in it, except those it returns: an array, or arrays within
 * arrays and plain objects. For loops that never yield, where no collector can help. Scopes nest: what an
 * inner scope returns belongs to the outer one. Models are not arrays: what they learn outlives the scope.
 *
 * @throws TypeError where `body` returns a promise: its arrays would be freed before it settles.
 */
export function scope<R>(body: () => R): R {
  const mine: Storage[] = [];
  scopes.push(mine);
  const kept = new Set<Storage>();
  try {
    const result = body();
    if (result instanceof Promise) scopeOfPromise();
    const found = new Set<Storage>();
    collect(result, found, new Set());
    for (const storage of found) kept.add(storage);
    return result;
  } finally {
    leave(mine, kept);
  }
}

function leave(mine: Storage[], kept: Set<Storage>): void {
  scopes.pop();
  const outer = scopes.at(-1);
  for (const storage of mine) {
    if (kept.has(storage)) outer?.push(storage);
    else storage.release();
  }
}
