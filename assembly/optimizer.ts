/** One update over one flat array of parameters: gradient descent, momentum, Adam. */
import { at, bytes, lanes, loadPart, madd, nmadd, splat, storePart } from "./vec";

/** The first `count` elements at p, at most a vector. */
function read<T extends number>(p: usize, count: i32): v128 {
  return count < lanes<T>() ? loadPart<T>(p, bytes<T>(1), count) : v128.load(p);
}

/** The first `count` elements of v to p. */
function write<T extends number>(p: usize, v: v128, count: i32): void {
  if (count < lanes<T>()) storePart<T>(p, v, bytes<T>(1), count);
  else v128.store(p, v);
}

/** The gradient with the penalty's, scale·g + decay·p, of `count` neighbouring parameters; g = 0. */
function take<T extends number>(count: i32, p: v128, gradient: usize, scale: v128, decay: v128): v128 {
  const d = madd<T>(decay, p, v128.mul<T>(scale, read<T>(gradient, count)));
  write<T>(gradient, splat<T>(0), count);
  return d;
}

/** p −= rate·d, d = scale·g + decay·p, and g = 0, for n neighbouring parameters. */
function descend<T extends number>(
  n: i32,
  parameters: usize,
  gradient: usize,
  rate: f64,
  scale: f64,
  decay: f64,
): void {
  const L = lanes<T>();
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  for (let i = 0; i < n; i += L) {
    const count = min(n - i, L);
    const place = at<T>(parameters, i);
    const p = read<T>(place, count);
    const d = take<T>(count, p, at<T>(gradient, i), scales, decays);
    write<T>(place, nmadd<T>(rates, d, p), count);
  }
}

/**
 * One step down the gradient: p −= rate·(scale·g + decay·p) for the first n_w parameters, the weights,
 * and p −= rate·scale·g for the rest, the biases. Clears the gradient for the next sums.
 */
export function gradientStep<T extends number>(
  n: i32,
  n_w: i32,
  rate: f64,
  scale: f64,
  decay: f64,
  parameters: usize,
  gradient: usize,
): void {
  assert(0 <= n_w && n_w <= n && parameters >= __heap_base);
  descend<T>(n_w, parameters, gradient, rate, scale, decay);
  descend<T>(n - n_w, at<T>(parameters, n_w), at<T>(gradient, n_w), rate, scale, 0);
}

/** v = momentum·v + d, p −= rate·v, and g = 0, for n neighbouring parameters. */
function roll<T extends number>(
  n: i32,
  parameters: usize,
  gradient: usize,
  velocity: usize,
  rate: f64,
  scale: f64,
  decay: f64,
  momentum: f64,
): void {
  const L = lanes<T>();
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  const kept = splat<T>(momentum);
  for (let i = 0; i < n; i += L) {
    const count = min(n - i, L);
    const place = at<T>(parameters, i);
    const p = read<T>(place, count);
    const d = take<T>(count, p, at<T>(gradient, i), scales, decays);
    const v = madd<T>(kept, read<T>(at<T>(velocity, i), count), d);
    write<T>(at<T>(velocity, i), v, count);
    write<T>(place, nmadd<T>(rates, v, p), count);
  }
}

/**
 * One step with momentum (Polyak, 1964; in this form PyTorch's SGD without dampening):
 *
 *   d = scale·g + decay·p,  v = momentum·v + d,  p −= rate·v
 *
 * without decay after the first n_w parameters. `velocity` (n) is 0 before the first step. Clears the gradient.
 */
export function momentumStep<T extends number>(
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
  assert(0 <= n_w && n_w <= n && parameters >= __heap_base && velocity >= __heap_base);
  roll<T>(n_w, parameters, gradient, velocity, rate, scale, decay, momentum);
  roll<T>(n - n_w, at<T>(parameters, n_w), at<T>(gradient, n_w), at<T>(velocity, n_w), rate, scale, 0, momentum);
}

/** Adam's update of n neighbouring parameters: see adamStep. */
function adapt<T extends number>(
  n: i32,
  parameters: usize,
  gradient: usize,
  moment: usize,
  square: usize,
  rate: f64,
  scale: f64,
  decay: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  correction: f64,
): void {
  const L = lanes<T>();
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  const kept1 = splat<T>(beta1);
  const kept2 = splat<T>(beta2);
  const new1 = splat<T>(1 - beta1);
  const new2 = splat<T>(1 - beta2);
  const least = splat<T>(epsilon);
  const corrections = splat<T>(correction);
  for (let i = 0; i < n; i += L) {
    const count = min(n - i, L);
    const place = at<T>(parameters, i);
    const p = read<T>(place, count);
    const d = take<T>(count, p, at<T>(gradient, i), scales, decays);
    const first = madd<T>(kept1, read<T>(at<T>(moment, i), count), v128.mul<T>(new1, d));
    const second = madd<T>(kept2, read<T>(at<T>(square, i), count), v128.mul<T>(v128.mul<T>(new2, d), d));
    write<T>(at<T>(moment, i), first, count);
    write<T>(at<T>(square, i), second, count);
    const size = madd<T>(corrections, v128.sqrt<T>(second), least);
    write<T>(place, nmadd<T>(rates, v128.div<T>(first, size), p), count);
  }
}

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1):
 *
 *   d = scale·g + decay·p,  u = beta1·u + (1 − beta1)·d,  v = beta2·v + (1 − beta2)·d²
 *   p −= rate·u/(correction·√v + epsilon)
 *
 * without decay after the first n_w parameters. `moment` u and `square` v (n each) are 0 before the first step. The
 * caller corrects the bias of step t: rate = α/(1 − beta1^t), correction = 1/√(1 − beta2^t). Clears the gradient.
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
  moment: usize,
  square: usize,
): void {
  assert(0 <= n_w && n_w <= n && parameters >= __heap_base && moment >= __heap_base && square >= __heap_base);
  adapt<T>(n_w, parameters, gradient, moment, square, rate, scale, decay, beta1, beta2, epsilon, correction);
  const p = at<T>(parameters, n_w);
  const g = at<T>(gradient, n_w);
  const u = at<T>(moment, n_w);
  adapt<T>(n - n_w, p, g, u, at<T>(square, n_w), rate, scale, 0, beta1, beta2, epsilon, correction);
}
