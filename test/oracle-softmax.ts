/** The slow twin of softmax regression: losses and gradient sums, sample by sample, with bounds like those of oracle-models.ts. */
import { type Dtype, epsilon, type Numbers } from "./compare.ts";
import type { LossAndGradient } from "./oracle-models.ts";

/** Sizes and parameters: [ W: n_k × n_x | b: n_k ]. */
export interface Softmax {
  n_x: number;
  n_k: number;
  parameters: Numbers;
}

const absolute = (x: Numbers): Float64Array => Float64Array.from(x, Math.abs);

/** log Σ e^z − z_y of one sample, and e^z/Σ e^z. */
export function softmaxOf(z: readonly number[], y: number): { loss: number; p: number[] } {
  const largest = Math.max(...z);
  const at = z.indexOf(largest);
  const rest = z.reduce((sum, v, i) => sum + (i === at ? 0 : Math.exp(v - largest)), 0);
  return {
    loss: largest - z[y]! + Math.log1p(rest),
    p: z.map((v) => Math.exp(v - largest) / (1 + rest)),
  };
}

/** W·X + b, class by class. */
function logits({ n_x, n_k, parameters }: Softmax, m: number, x: Numbers): number[][] {
  return Array.from({ length: m }, (_, j) =>
    Array.from({ length: n_k }, (_, i) => {
      let z = parameters[n_k * n_x + i]!;
      for (let k = 0; k < n_x; k++) z += parameters[i * n_x + k]! * x[k * m + j]!;
      return z;
    }),
  );
}

/** [ Σ_j d[j][i]·x[k, j] | Σ_j d[j][i] ]. */
function sums({ n_x, n_k }: Softmax, m: number, x: Numbers, d: readonly (readonly number[])[]): Float64Array {
  const result = new Float64Array(n_k * (n_x + 1));
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n_k; i++) {
      for (let k = 0; k < n_x; k++) result[i * n_x + k]! += d[j]![i]! * x[k * m + j]!;
      result[n_k * n_x + i]! += d[j]![i]!;
    }
  }
  return result;
}

/** Σ losses and gradient sums of softmax regression; s, the samples' weights, is 1 unless given. */
export const softmax = {
  gradient(model: Softmax, m: number, x: Numbers, y: Numbers, s?: Numbers): LossAndGradient {
    let loss = 0;
    const dz = logits(model, m, x).map((z, j) => {
      const one = softmaxOf(z, y[j]!);
      const weight = s?.[j] ?? 1;
      loss += weight * one.loss;
      return one.p.map((p, i) => weight * (p - (i === y[j] ? 1 : 0)));
    });
    return { loss, gradient: sums(model, m, x, dz) };
  },
  bound(dtype: Dtype, model: Softmax, m: number, x: Numbers, y: Numbers, s?: Numbers): LossAndGradient {
    const eps = epsilon[dtype];
    const { n_x, n_k } = model;
    const sizes = logits({ ...model, parameters: absolute(model.parameters) }, m, absolute(x));
    let loss = 0;
    let total = 0;
    const moved: number[][] = [];
    const dz: number[][] = [];
    logits(model, m, x).forEach((z, j) => {
      // An error in z moves the loss by |dz| of it, and every p by at most that much of p together.
      const zError = Math.max(...sizes[j]!) * (n_x + 2) * eps;
      const { loss: own, p } = softmaxOf(z, y[j]!);
      const weight = s?.[j] ?? 1;
      total += weight * own;
      loss += weight * (own * (n_k + 7) * eps + 2 * zError);
      const hit = (i: number) => (i === y[j] ? 1 : 0);
      dz.push(p.map((v, i) => weight * Math.abs(v - hit(i))));
      moved.push(p.map((v, i) => weight * (v * (2 * zError + (n_k + 7) * eps) + hit(i) * eps)));
    });
    const carried = sums(model, m, absolute(x), moved);
    const whole = sums(model, m, absolute(x), dz);
    // Losses are added up in double precision.
    return { loss: loss + m * epsilon.f64 * total, gradient: carried.map((e, k) => e + (m + 2) * eps * whole[k]!) };
  },
};
