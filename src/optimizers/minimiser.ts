/**
 * L-BFGS: quasi-Newton steps from the last few changes of the gradient (Nocedal and Wright, "Numerical Optimization",
 * 2006, algorithms 7.4 and 7.5), of lengths that fulfil the strong Wolfe conditions (algorithms 3.5 and 3.6 as one loop).
 *
 * Everything here is in double precision, by operations that every engine rounds alike.
 */

/** A place, and the function's value and gradient there. */
export interface Point {
  readonly x: Float64Array;
  readonly f: number;
  readonly g: Float64Array;
}

/** A place along a direction: how far, and the slope there. */
interface Trial extends Point {
  readonly t: number;
  readonly slope: number;
}

/** A change of place and of gradient, and 1/sᵀy. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** A step lowers f by at least this share of what the slope promises (the book's c1), */
const DECREASE = 1e-4;
/** and leaves at most this share of the slope (c2). */
const SLOPE = 0.9;
/** Evaluations of a step, at most. */
const TRIALS = 20;

// Plain loops: the methods of typed arrays take twenty times as long.

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** r·a + t·b. */
function combined(r: number, a: Float64Array, t: number, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = r * a[i]! + t * b[i]!;
  return result;
}

/** A descent of a smooth function that is nowhere negative, iteration by iteration. */
export class Minimiser {
  /** The best so far. */
  point: Point;
  readonly #evaluate: (x: Float64Array) => Generator<undefined, Point>;
  readonly #noise: number;
  readonly #most: number;
  readonly #pairs: Pair[] = [];

  /**
   * `evaluate` may round its x; `noise`: the relative rounding error of f, below which differences mean nothing; `most`:
   * changes that are remembered.
   */
  constructor(
    evaluate: (x: Float64Array) => Generator<undefined, Point>,
    start: Point,
    noise: number,
    most: number,
  ) {
    this.#evaluate = evaluate;
    this.point = start;
    this.#noise = noise;
    this.#most = most;
  }

  /** Moves on. @returns why not: "converged" where rounding hides any decrease, "stuck" where no step was found. */
  *iterate(): Generator<undefined, "converged" | "stuck" | undefined> {
    const { point } = this;
    const next = yield* this.#search(this.#direction());
    if (typeof next === "string") return next;
    const s = combined(1, next.x, -1, point.x);
    const y = combined(1, next.g, -1, point.g);
    const curvature = dot(s, y);
    // Rounding may break what the Wolfe conditions promise.
    if (curvature > 0) this.#pairs.push({ s, y, rho: 1 / curvature });
    if (this.#pairs.length > this.#most) this.#pairs.shift();
    this.point = next;
    return undefined;
  }

  /** −H·g, H being the inverse of the second derivative as the pairs show it. */
  #direction(): Float64Array {
    const { g } = this.point;
    let d = combined(-1, g, 0, g);
    const shares: number[] = [];
    for (const { s, y, rho } of [...this.#pairs].reverse()) {
      const share = rho * dot(s, d);
      shares.push(share);
      d = combined(1, d, -share, y);
    }
    const last = this.#pairs.at(-1);
    if (last) d = combined(1 / (last.rho * dot(last.y, last.y)), d, 0, d);
    for (const { s, y, rho } of this.#pairs) d = combined(1, d, shares.pop()! - rho * dot(y, d), s);
    return d;
  }

  /** A point along d. Until there are pairs to tell a length, the first one tried is 1. */
  *#search(d: Float64Array): Generator<undefined, Point | "converged" | "stuck"> {
    const { x, f } = this.point;
    const slope = dot(this.point.g, d);
    // Values that differ by less are equal (the idea of Hager and Zhang's approximate Wolfe conditions, 2005).
    const slack = this.#noise * f;
    let low: Trial = { ...this.point, t: 0, slope };
    let high: Trial | undefined;
    let t = this.#pairs.length > 0 ? 1 : 1 / Math.sqrt(-slope);
    if (f <= this.#noise) return "converged";
    for (let trials = 0; trials < TRIALS && -t * slope > slack; trials++) {
      const point = yield* this.#evaluate(combined(1, x, t, d));
      const trial = { ...point, t, slope: dot(point.g, d) };
      if (!(trial.f <= Math.min(f + DECREASE * t * slope, low.f) + slack)) high = trial;
      else if (Math.abs(trial.slope) <= -SLOPE * slope) return trial;
      else {
        if (trial.slope * ((high?.t ?? Infinity) - t) >= 0) high = low;
        low = trial;
      }
      t = high ? between(low, high) : 4 * t;
    }
    if (low.t > 0) return low;
    // What a step of length 1 would gain is about the distance from the least f.
    return -slope > Math.sqrt(this.#noise) * f ? "stuck" : "converged";
  }
}

/** Where the cubic through two values and slopes is least (equation 3.59), well inside; the middle if that is nowhere. */
function between(a: Trial, b: Trial): number {
  const width = b.t - a.t;
  const p = a.slope + b.slope - (3 * (b.f - a.f)) / width;
  const root = Math.sign(width) * Math.sqrt(p * p - a.slope * b.slope);
  const share = 1 - (b.slope + root - p) / (b.slope - a.slope + 2 * root);
  return a.t + width * (Math.min(Math.max(share, 0.1), 0.9) || 0.5);
}
