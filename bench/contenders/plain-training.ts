/** Training in plain JavaScript: the course's equations with every inner loop along contiguous memory. */
import {
  CHECKED_ITERATIONS,
  LEARNING_RATE,
  logisticInputs,
  type Numbers,
  twoLayerInputs,
  zeros,
} from "../inputs.ts";
import type { WorkOf } from "../work.ts";
import type { Runnable } from "./contender.ts";
import { product } from "./plain-products.ts";

/** The loss of one logit without overflow. */
function loss(z: number, y: number): number {
  return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
}

/** Costs of the first iterations and one more, then the parameters: what trainings are compared by. */
export function trainingAnswer(iterate: () => number, parameters: () => Numbers[]): number[] {
  const costs = Array.from({ length: CHECKED_ITERATIONS }, iterate);
  return [...costs, ...parameters().flatMap((values) => [...values])];
}

/** Σ of one pass over samples in rows; adds the gradient to dw (n_x + 1) and returns the loss. */
function rowsPass(X: Numbers, Y: Numbers, w: Numbers, dw: Float64Array, n_x: number, m: number): number {
  let sum = 0;
  for (let j = 0; j < m; j++) {
    const row = j * n_x;
    let z = w[n_x]!;
    for (let i = 0; i < n_x; i++) z += w[i]! * X[row + i]!;
    sum += loss(z, Y[j]!);
    const dz = 1 / (1 + Math.exp(-z)) - Y[j]!;
    for (let i = 0; i < n_x; i++) dw[i]! += dz * X[row + i]!;
    dw[n_x]! += dz;
  }
  return sum;
}

/** The same with samples in columns, a block of them at a time so that what is read twice is still in cache. */
function columnsPass(X: Numbers, Y: Numbers, w: Numbers, dw: Float64Array, n_x: number, m: number): number {
  const BLOCK = 1024;
  const z = new Float64Array(BLOCK);
  let sum = 0;
  for (let start = 0; start < m; start += BLOCK) {
    const count = Math.min(BLOCK, m - start);
    z.fill(w[n_x]!);
    for (let i = 0; i < n_x; i++) {
      const row = i * m + start;
      const factor = w[i]!;
      for (let j = 0; j < count; j++) z[j]! += factor * X[row + j]!;
    }
    for (let j = 0; j < count; j++) {
      const y = Y[start + j]!;
      sum += loss(z[j]!, y);
      z[j] = 1 / (1 + Math.exp(-z[j]!)) - y;
      dw[n_x]! += z[j]!;
    }
    for (let i = 0; i < n_x; i++) {
      const row = i * m + start;
      let d = 0;
      for (let j = 0; j < count; j++) d += z[j]! * X[row + j]!;
      dw[i]! += d;
    }
  }
  return sum;
}

/** Logistic regression, one iteration a run. */
export function logistic(
  work: WorkOf<"logistic">,
  { X, Y } = logisticInputs(work),
): Runnable & { iterate(): number; w: Numbers } {
  const { n_x, m, dtype, samplesIn } = work;
  const w = zeros(dtype, n_x + 1);
  const dw = new Float64Array(n_x + 1);
  const pass = samplesIn === "rows" ? rowsPass : columnsPass;
  const iterate = (): number => {
    dw.fill(0);
    const sum = pass(X, Y, w, dw, n_x, m);
    for (let i = 0; i <= n_x; i++) w[i]! -= (LEARNING_RATE / m) * dw[i]!;
    return sum / m;
  };
  return { run: iterate, iterate, w, answer: () => trainingAnswer(iterate, () => [w]) };
}

/** The two-layer network with tanh, one iteration a run. */
export function twoLayer(work: WorkOf<"two-layer">): Runnable {
  const { dtype, n_x, n_1, m } = work;
  const { X, Y, W1, W2 } = twoLayerInputs(work);
  const b1 = zeros(dtype, n_1);
  const b2 = zeros(dtype, 1);
  const A1 = zeros(dtype, n_1 * m);
  const dZ2 = zeros(dtype, m);
  const rate = LEARNING_RATE / m;

  const forward = (): number => {
    product(W1, X, A1, n_1, m, n_x);
    dZ2.fill(b2[0]!);
    for (let i = 0; i < n_1; i++) {
      for (let j = 0; j < m; j++) {
        const a = Math.tanh(A1[i * m + j]! + b1[i]!);
        A1[i * m + j] = a;
        dZ2[j]! += W2[i]! * a;
      }
    }
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const z = dZ2[j]!;
      sum += loss(z, Y[j]!);
      dZ2[j] = 1 / (1 + Math.exp(-z)) - Y[j]!;
    }
    return sum / m;
  };
  const backward = (): void => {
    for (let i = 0; i < n_1; i++) {
      let dW2 = 0;
      let db1 = 0;
      for (let j = 0; j < m; j++) {
        const a = A1[i * m + j]!;
        dW2 += dZ2[j]! * a;
        const d = W2[i]! * dZ2[j]! * (1 - a * a);
        A1[i * m + j] = d;
        db1 += d;
      }
      for (let k = 0; k < n_x; k++) {
        let dW1 = 0;
        for (let j = 0; j < m; j++) dW1 += A1[i * m + j]! * X[k * m + j]!;
        W1[i * n_x + k]! -= rate * dW1;
      }
      W2[i]! -= rate * dW2;
      b1[i]! -= rate * db1;
    }
    let db2 = 0;
    for (let j = 0; j < m; j++) db2 += dZ2[j]!;
    b2[0]! -= rate * db2;
  };
  const iterate = (): number => {
    const cost = forward();
    backward();
    return cost;
  };
  return { run: iterate, answer: () => trainingAnswer(iterate, () => [W1, b1, W2, b2]) };
}
