/**
 * The slow twins of the optimizers' steps, for one parameter each: new values and how far rounding may move them.
 *
 * eps is twice the rounding unit, so each count of roundings is halved; counts are rounded up. See oracle.ts.
 */
import { type Dtype, epsilon } from "./compare.ts";

/** A parameter p, its gradient g, and what the optimizer keeps of it: nothing, v, or u and v. */
export interface Place {
  p: number;
  g: number;
  kept: readonly number[];
}

/** One step: the scalars in the ABI's order, the first three being rate, scale and decay. */
export interface Step {
  /** What becomes of p and of what is kept; `decay` is 0 for a bias. */
  of(place: Place, numbers: readonly number[], decay: number): number[];
  /** How far each of them may be off. */
  bound(dtype: Dtype, place: Place, numbers: readonly number[], decay: number): number[];
}

/** d = scale·g + decay·p, and its parts' sizes, of which 3·eps may be lost. */
function slope({ p, g }: Place, scale: number, decay: number): { d: number; size: number } {
  return { d: scale * g + decay * p, size: Math.abs(scale * g) + Math.abs(decay * p) };
}

/** p −= rate·d. */
export const gradientStep: Step = {
  of: (place, [rate, scale], decay) => [place.p - rate! * slope(place, scale!, decay).d],
  bound(dtype, place, [rate, scale], decay) {
    return [epsilon[dtype] * (Math.abs(place.p) + 4 * rate! * slope(place, scale!, decay).size)];
  },
};

/** v = momentum·v + d, p −= rate·v. */
export const momentumStep: Step = {
  of(place, [rate, scale, , momentum], decay) {
    const v = momentum! * place.kept[0]! + slope(place, scale!, decay).d;
    return [place.p - rate! * v, v];
  },
  bound(dtype, place, [rate, scale, , momentum], decay) {
    const eps = epsilon[dtype];
    const { size } = slope(place, scale!, decay);
    const kept = Math.abs(momentum! * place.kept[0]!);
    const v = eps * (4 * size + 2 * kept);
    return [eps * Math.abs(place.p) + rate! * (v + 2 * eps * (size + kept)), v];
  },
};

/** u = beta1·u + (1 − beta1)·d, v = beta2·v + (1 − beta2)·d², p −= rate·u/(correction·√v + epsilon). */
export const adamStep: Step = {
  of(place, [rate, scale, , beta1, beta2, least, correction], decay) {
    const { d } = slope(place, scale!, decay);
    const u = beta1! * place.kept[0]! + (1 - beta1!) * d;
    const v = beta2! * place.kept[1]! + (1 - beta2!) * d * d;
    return [place.p - (rate! * u) / (correction! * Math.sqrt(v) + least!), u, v];
  },
  bound(dtype, place, numbers, decay) {
    const eps = epsilon[dtype];
    const [rate, scale, , beta1, beta2, least, correction] = numbers as [number, ...number[]];
    const [, u, v] = adamStep.of(place, numbers, decay) as [number, number, number];
    const { size } = slope(place, scale!, decay);
    const uError = eps * (5 * (1 - beta1!) * size + 2 * beta1! * Math.abs(place.kept[0]!));
    const vError = eps * (9 * (1 - beta2!) * size * size + 2 * beta2! * place.kept[1]!);
    const root = Math.sqrt(v + vError) - Math.sqrt(Math.max(v - vError, 0));
    const whole = correction! * Math.sqrt(v) + least!;
    const wholeError = correction! * root + 3 * eps * whole;
    const ratioError = uError / whole + (Math.abs(u) / whole ** 2) * wholeError + eps * Math.abs(u / whole);
    return [eps * Math.abs(place.p) + rate * (ratioError + 2 * eps * Math.abs(u / whole)), uError, vError];
  },
};
