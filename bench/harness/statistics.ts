/** Medians, quartiles, and ratios of contenders that took turns. */

/** The value below which the share `p` of the values lies, interpolated. NaN of nothing. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  return low === undefined || high === undefined ? Number.NaN : low + (position % 1) * (high - low);
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Median and quartiles. */
export interface Spread {
  median: number;
  q1: number;
  q3: number;
}

/** Median and quartiles of values. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), q1: quantile(values, 0.25), q3: quantile(values, 0.75) };
}

/** Samples of one contender by round; a round that it sat out is empty. */
export type Rounds = readonly (readonly number[])[];

/** Spread of all samples. */
export function timesOf(rounds: Rounds): Spread {
  return spread(rounds.flat());
}

/**
 * How many times as fast `of` is as `against`: the median, over the rounds that both took part in, of the ratio of
 * their medians. Whatever slows the machine down for a while slows both down within a round.
 */
export function ratioOf(of: Rounds, against: Rounds): Spread {
  const ratios = of.flatMap((samples, round) => {
    const others = against[round] ?? [];
    return samples.length > 0 && others.length > 0 ? [median(others) / median(samples)] : [];
  });
  return spread(ratios);
}
