/** Gradient descent: one update over one flat array of parameters. */
import { at, bytes, lanes, loadPart, madd, nmadd, splat, storePart } from "./vec";

/** p −= rate·(scale·g + decay·p) and g = 0, for n neighbouring parameters. */
function update<T extends number>(
  n: i32,
  parameters: usize,
  gradient: usize,
  rate: f64,
  scale: f64,
  decay: f64,
): void {
  const rates = splat<T>(rate);
  const scales = splat<T>(scale);
  const decays = splat<T>(decay);
  const zero = splat<T>(0);
  const one = bytes<T>(1);
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const p = v128.load(at<T>(parameters, i));
    const d = madd<T>(decays, p, v128.mul<T>(scales, v128.load(at<T>(gradient, i))));
    v128.store(at<T>(parameters, i), nmadd<T>(rates, d, p));
    v128.store(at<T>(gradient, i), zero);
  }
  const rest = n - i;
  if (rest == 0) return;
  const p = loadPart<T>(at<T>(parameters, i), one, rest);
  const d = madd<T>(decays, p, v128.mul<T>(scales, loadPart<T>(at<T>(gradient, i), one, rest)));
  storePart<T>(at<T>(parameters, i), nmadd<T>(rates, d, p), one, rest);
  storePart<T>(at<T>(gradient, i), zero, one, rest);
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
  update<T>(n_w, parameters, gradient, rate, scale, decay);
  update<T>(n - n_w, at<T>(parameters, n_w), at<T>(gradient, n_w), rate, scale, 0);
}
