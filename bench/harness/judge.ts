/** Whether a measured row reached its targets. */
import type { Row, Target } from "../row.ts";
import type { Measurement, Taken } from "./recording.ts";
import { ratioOf, type Spread, timesOf } from "./statistics.ts";

/** A target with what was measured. */
export interface Verdict {
  target: Target;
  /** Whom the target was measured against. */
  against?: string;
  /** Times as fast as `against`; the time or the bytes where the target is an upper bound. */
  value: Spread;
  met: boolean;
}

/** The contender of a name, if it took part. */
export function taken(measurement: Measurement, name: string): Taken | undefined {
  return measurement.contenders.find((contender) => contender.name === name);
}

function judge(measurement: Measurement, target: Target): Verdict | undefined {
  const of = taken(measurement, target.of);
  if (!of) return undefined;
  if (target.atMost !== undefined) {
    const value = timesOf(of.rounds);
    return { target, value, met: value.median <= target.atMost };
  }
  const others = measurement.contenders.filter(({ name }) => target.against?.includes(name));
  const verdicts = others.map((other) => ({ against: other.name, value: ratioOf(of.rounds, other.rounds) }));
  verdicts.sort((a, b) => a.value.median - b.value.median);
  const hardest = verdicts[0];
  return hardest && { target, ...hardest, met: hardest.value.median >= (target.atLeast ?? 0) };
}

/** The row's targets that this run can judge. */
export function verdicts(row: Row, measurement: Measurement): Verdict[] {
  return row.targets.flatMap((target) => judge(measurement, target) ?? []);
}
