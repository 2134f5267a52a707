/** One update over one flat array of parameters: gradient descent with momentum, or Adam. */
import { at, bytes, lanes, loadPart, madd, maskPart, nmadd, splat, storePart } from "./vec";

/** The first `count` elements at p, at most a vector. */
function read<T extends number>(p: usize, count: i32): v128 {
  return count < lanes<T>() ? loadPart<T>(p, bytes<T>(1), count) : v128.load(p);
}

/** The first `count` elements of v to p. */
function write<T extends number>(p: usize, v: v128, count: i32): void {
  if (count < lanes<T>()) storePart<T>(p, v, bytes<T>(1), count);
  else v128.store(p, v);
}

/** The gradient with the penalty's, scale·g + decay·p, of `count` parameters, the first `weights` of them; g = 0. */
function take<T extends number>(
  count: i32,
  weights: i32,
  p: v128,
  gradient: usize,
  scale: v128,
  decay: v128,
): v128 {
  const own = v128.and(decay, maskPart<T>(weights));
  const d = madd<T>(own, p, v128.mul<T>(scale, read<T>(gradient, count)));
  write<T>(gradient, splat<T>(0), count);
  return d;
}

/**
 * One step down the gradient, with momentum (Polyak, 1964; in this form PyTorch's SGD without dampening):
 *
 *   d = scale·g + decay·p,  v = momentum·v + d,  p −= rate·v
 *
 * without decay after the first n_w parameters, the weights. `velocity` (n) is 0 before the first step; without the
 * array, a pointer of 0, there is no momentum: p −= rate·d. Clears the gradient for the next sums.
 */
export function gradientStep<T extends number>(
  n: i32,
  n_w: i32,
  rate: f64,
  scale: f64,
  decay: f64,
  momentum: f64,
  parameters: usize,
  gradient: usize,
  velocity: usize,
): void {
  assert(0 <= n_w && n_w <= n && parameters >= __heap_base && (!velocity || velocity >= __heap_base));
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  const kept = splat<T>(momentum);
  let i = 0;
  if (!velocity) {
    // What every training needs: whole vectors without a question.
    for (; i + lanes<T>() <= n_w; i += lanes<T>()) {
      const place = at<T>(parameters, i);
      const sums = at<T>(gradient, i);
      const p = v128.load(place);
      v128.store(place, nmadd<T>(rates, madd<T>(decays, p, v128.mul<T>(scales, v128.load(sums))), p));
      v128.store(sums, splat<T>(0));
    }
  }
  for (; i < n; i += lanes<T>()) {
    const count = min(n - i, lanes<T>());
    const place = at<T>(parameters, i);
    const p = read<T>(place, count);
    let d = take<T>(count, n_w - i, p, at<T>(gradient, i), scales, decays);
    if (velocity) {
      const v = at<T>(velocity, i);
      d = madd<T>(kept, read<T>(v, count), d);
      write<T>(v, d, count);
    }
    write<T>(place, nmadd<T>(rates, d, p), count);
  }
}

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1):
 *
 *   d = scale·g + decay·p,  u = beta1·u + (1 − beta1)·d,  v = beta2·v + (1 − beta2)·d²
 *   p −= rate·u/(correction·√v + epsilon)
 *
 * without decay after the first n_w parameters. `moments` [ u: n | v: n ] are 0 before the first step. The caller
 * corrects the bias of step t: rate = α/(1 − beta1^t), correction = 1/√(1 − beta2^t). Clears the gradient.
 */
export function adamStep<T extends number>(
  n: i32,
  n_w: i32,
  rate: f64,
  scale: f64,
  decay: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  correction: f64,
  parameters: usize,
  gradient: usize,
  moments: usize,
): void {
  assert(0 <= n_w && n_w <= n && parameters >= __heap_base && moments >= __heap_base);
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  const kept1 = splat<T>(beta1);
  const kept2 = splat<T>(beta2);
  const new1 = splat<T>(1 - beta1);
  const new2 = splat<T>(1 - beta2);
  const least = splat<T>(epsilon);
  const corrections = splat<T>(correction);
  for (let i = 0; i < n; i += lanes<T>()) {
    const count = min(n - i, lanes<T>());
    const place = at<T>(parameters, i);
    const first = at<T>(moments, i);
    const second = at<T>(first, n);
    const p = read<T>(place, count);
    const d = take<T>(count, n_w - i, p, at<T>(gradient, i), scales, decays);
    const u = madd<T>(kept1, read<T>(first, count), v128.mul<T>(new1, d));
    const v = madd<T>(kept2, read<T>(second, count), v128.mul<T>(v128.mul<T>(new2, d), d));
    write<T>(first, u, count);
    write<T>(second, v, count);
    const size = madd<T>(corrections, v128.sqrt<T>(v), least);
    write<T>(place, nmadd<T>(rates, v128.div<T>(u, size), p), count);
  }
}
