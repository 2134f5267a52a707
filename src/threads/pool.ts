/**
 * The teams there are: made when they are first needed, used again, and ended when they are released or have had
 * nothing to do for a while. They never keep a process alive.
 */
import { processors } from "../host.ts";
import { checkStart, forgetStarts, noteStart } from "./starts.ts";
import { type Kind, Team } from "./team.ts";

/** Milliseconds after which a team without work is ended. */
const PATIENCE = 30_000;

/** Teams that wait for work, with the timers that end them. */
const idle = new Map<Team, ReturnType<typeof setTimeout>>();
/** Teams at work. */
const working = new Set<Team>();
/** Workers at work, those included that are being started. */
let busy = 0;
/** Who waits until workers are free. */
const queue: { size: number; go(): void }[] = [];
/** Who waits until all workers are gone. */
let releasing: (() => void)[] = [];

function workers(teams: Iterable<Team>): number {
  let count = 0;
  for (const { kind, death } of teams) if (!death) count += kind.size;
  return count;
}

function alike(a: Kind, b: Kind): boolean {
  const same = ["code", "build", "shared", "size", "url"] as const;
  return same.every((part) => a[part] === b[part]) && a.limit >= b.limit;
}

/** Whether a team of this kind is there and has nothing to do. */
export function isReady(kind: Kind): boolean {
  for (const team of idle.keys()) if (!team.death && alike(team.kind, kind)) return true;
  return false;
}

/** How many workers there are, and the bytes of memory that they share. */
export function census(): { workers: number; bytes: number } {
  const teams = [...idle.keys(), ...working];
  return { workers: workers(teams), bytes: teams.reduce((sum, team) => sum + team.bytes, 0) };
}

/**
 * A team for one job; `giveBack` must follow. Waits while as many workers are busy as there are processors.
 *
 * @throws what keeps workers from starting here.
 */
export async function take(kind: Kind, signal: AbortSignal | undefined): Promise<Team> {
  checkStart(kind);
  await turn(kind.size, signal);
  for (const [team, timer] of idle) {
    if (team.death) end(team);
    else if (alike(team.kind, kind)) {
      clearTimeout(timer);
      idle.delete(team);
      working.add(team);
      team.keepAlive(true);
      return team;
    }
  }
  // Others that wait are in the way: their memory, and their places. Meanwhile somebody may take one of them.
  for (const team of idle.keys()) {
    if (workers([...idle.keys(), ...working]) + kind.size > Math.max(processors(), kind.size)) await end(team);
  }
  let team: Team | undefined;
  try {
    // Others may have failed in the meantime.
    checkStart(kind);
    team = new Team(kind);
    working.add(team);
    await team.ready();
    noteStart(kind);
    return team;
  } catch (error) {
    noteStart(kind, { error });
    await team?.terminate();
    leave(kind.size, team);
    throw error;
  }
}

/** Resolves when `size` more workers may work. */
function turn(size: number, signal: AbortSignal | undefined): Promise<void> | undefined {
  if (queue.length === 0 && fits(size)) {
    busy += size;
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      queue.splice(queue.indexOf(waiting), 1);
      reject(signal!.reason);
      admit();
    };
    const waiting = {
      size,
      go: () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      },
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    queue.push(waiting);
  });
}

function fits(size: number): boolean {
  return busy === 0 || busy + size <= processors();
}

/** Lets those in who wait, in their order. */
function admit(): void {
  while (queue[0] && fits(queue[0].size)) {
    const { size, go } = queue.shift()!;
    busy += size;
    go();
  }
}

/** Workers are free again. */
function leave(size: number, team?: Team): void {
  if (team) working.delete(team);
  busy -= size;
  admit();
  if (busy > 0) return;
  for (const resolve of releasing) resolve();
  releasing = [];
}

/** Gives a team back; others can have it when all its workers have come to rest. */
export async function giveBack(team: Team): Promise<void> {
  await team.settled;
  if (team.death || releasing.length > 0) await team.terminate();
  else {
    const timer = setTimeout(() => end(team), PATIENCE);
    (timer as { unref?(): void }).unref?.();
    idle.set(team, timer);
    team.keepAlive(false);
  }
  leave(team.kind.size, team);
}

async function end(team: Team): Promise<void> {
  clearTimeout(idle.get(team));
  idle.delete(team);
  await team.terminate();
}

/** Ends all workers: those without work at once, the others when their work is done. Scripts get another chance. */
export async function releaseThreads(): Promise<void> {
  forgetStarts();
  const gone = busy > 0 ? new Promise<void>((resolve) => releasing.push(resolve)) : undefined;
  await Promise.all([...idle.keys()].map(end));
  await gone;
}
