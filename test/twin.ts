/**
 * The slow twin of both models: the course's equations in double precision, one line each, on rows of
 * numbers. Samples are columns, X is (n_x, m), Y is (1, m). Nothing here is clever, so that it can be
 * compared with the course by eye.
 */
import { type Rows, transpose } from "./fixtures.ts";

// ---- matrices --------------------------------------------------------------------------------------

/** A·B. */
export function product(A: Rows, B: Rows): Rows {
  const columns = transpose(B);
  return A.map((row) => columns.map((column) => row.reduce((sum, a, k) => sum + a * column[k]!, 0)));
}

/** Element by element, a column (n, 1) counting for every column of A. */
function zip(A: Rows, B: Rows, f: (a: number, b: number) => number): Rows {
  return A.map((row, i) => row.map((a, j) => f(a, B[i]![B[i]!.length === 1 ? 0 : j]!)));
}

function each(A: Rows, f: (a: number) => number): Rows {
  return A.map((row) => row.map(f));
}

/** Sums of the rows, as a column. */
function rowSums(A: Rows): Rows {
  return A.map((row) => [row.reduce((sum, a) => sum + a, 0)]);
}

/** Σ over all elements of their squares. */
function squares(A: Rows): number {
  return A.flat().reduce((sum, a) => sum + a * a, 0);
}

// ---- the course ------------------------------------------------------------------------------------

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Hidden activations: g(z) and g'(z). Section 3.8. */
export const hidden = {
  sigmoid: { of: sigmoid, slope: (z: number) => sigmoid(z) * (1 - sigmoid(z)) },
  tanh: { of: Math.tanh, slope: (z: number) => 1 - Math.tanh(z) ** 2 },
  relu: { of: (z: number) => Math.max(0, z), slope: (z: number) => (z > 0 ? 1 : 0) },
  leakyRelu: { of: (z: number) => Math.max(0.01 * z, z), slope: (z: number) => (z > 0 ? 1 : 0.01) },
  identity: { of: (z: number) => z, slope: () => 1 },
} as const;

/** Mean of −y·log a − (1 − y)·log(1 − a). Section 2.3. */
function crossEntropy(A: Rows, Y: Rows): number {
  const losses = A[0]!.map((a, j) => (Y[0]![j] === 1 ? -Math.log(a) : -Math.log1p(-a)));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Parameters of logistic regression: w (n_x, 1). */
export interface Logistic {
  w: Rows;
  b: number;
}

/** Sections 2.13 and 2.14. */
export const logistic = {
  forward({ w, b }: Logistic, X: Rows) {
    const Z = each(product(transpose(w), X), (z) => z + b);
    return { Z, A: each(Z, sigmoid) };
  },
  cost(parameters: Logistic, X: Rows, Y: Rows, l2 = 0): number {
    const { A } = logistic.forward(parameters, X);
    return crossEntropy(A, Y) + (l2 / (2 * Y[0]!.length)) * squares(parameters.w);
  },
  gradient(parameters: Logistic, X: Rows, Y: Rows, l2 = 0): { dw: Rows; db: number } {
    const m = Y[0]!.length;
    const { A } = logistic.forward(parameters, X);
    const dZ = zip(A, Y, (a, y) => a - y);
    const dw = zip(product(X, transpose(dZ)), parameters.w, (g, w) => g / m + (l2 / m) * w);
    return { dw, db: rowSums(dZ)[0]![0]! / m };
  },
  /** w := w − α·dw, b := b − α·db. */
  step({ w, b }: Logistic, { dw, db }: { dw: Rows; db: number }, rate: number): Logistic {
    return { w: zip(w, dw, (p, d) => p - rate * d), b: b - rate * db };
  },
};

/** Parameters of the network: W1 (n_1, n_x), b1 (n_1, 1), W2 (1, n_1), b2 (1, 1). */
export interface Network {
  W1: Rows;
  b1: Rows;
  W2: Rows;
  b2: Rows;
}

/** Section 3.9. */
export const network = {
  forward({ W1, b1, W2, b2 }: Network, activation: keyof typeof hidden, X: Rows) {
    const Z1 = zip(product(W1, X), b1, (z, b) => z + b);
    const A1 = each(Z1, hidden[activation].of);
    const Z2 = zip(product(W2, A1), b2, (z, b) => z + b);
    return { Z1, A1, Z2, A2: each(Z2, sigmoid) };
  },
  cost(parameters: Network, activation: keyof typeof hidden, X: Rows, Y: Rows, l2 = 0): number {
    const { A2 } = network.forward(parameters, activation, X);
    const penalty = (l2 / (2 * Y[0]!.length)) * (squares(parameters.W1) + squares(parameters.W2));
    return crossEntropy(A2, Y) + penalty;
  },
  gradient(parameters: Network, activation: keyof typeof hidden, X: Rows, Y: Rows, l2 = 0) {
    const m = Y[0]!.length;
    const { W1, W2 } = parameters;
    const { Z1, A1, A2 } = network.forward(parameters, activation, X);
    const decayed = (sums: Rows, W: Rows) => zip(sums, W, (g, w) => g / m + (l2 / m) * w);
    const mean = (sums: Rows) => each(sums, (g) => g / m);
    const dZ2 = zip(A2, Y, (a, y) => a - y);
    const dZ1 = zip(product(transpose(W2), dZ2), each(Z1, hidden[activation].slope), (d, slope) => d * slope);
    return {
      dW1: decayed(product(dZ1, transpose(X)), W1),
      db1: mean(rowSums(dZ1)),
      dW2: decayed(product(dZ2, transpose(A1)), W2),
      db2: mean(rowSums(dZ2)),
    };
  },
};
