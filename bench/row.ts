/** What a row of the suite is. */
import type { Work } from "./work.ts";

/** What a row asks of one contender: to be so many times as fast as the best of others, or to take at most so much. */
export interface Target {
  of: string;
  /** Contenders whose fastest is the measure; those that do not take part in a run are left out. */
  against?: readonly string[];
  /** Times as fast as the best of `against`. */
  atLeast?: number;
  /** Milliseconds, or bytes where that is the row's unit. */
  atMost?: number;
}

/** A piece of work with its name, its targets and the process that it is measured in. */
export interface Row {
  id: string;
  /** Rows of a group are measured in one process of their own. */
  group: string;
  work: Work;
  /** Whether it belongs to the suite that takes less than a minute. */
  quick: boolean;
  unit?: "bytes";
  /** Rounds that everyone takes a turn in, if they are more than a run has. */
  rounds?: number;
  targets: readonly Target[];
}

/** Whether a row is about fourlane's own threads. */
export function ofThreads({ group }: Row): boolean {
  return group.startsWith("threads");
}
