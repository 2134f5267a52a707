/** Plain JavaScript as a careful programmer writes it: typed arrays, the loop order that streams through memory. */
import { type Contender, labels, type Network, numbers, type Prepared, type Work } from "./contender.ts";

/** c (m, n) = a (m, k) · b (k, n), i-k-j: the inner loop runs along rows of b and c. */
function product(a: Float32Array, b: Float32Array, c: Float32Array, m: number, n: number, k: number): void {
  c.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[p * n + j]!;
    }
  }
}

/** Plain loops in the engine's own code. */
export const plain: Contender = {
  name: "plain JavaScript",
  prepare(work: Work): Prepared {
    if (work.name === "two-layer") return network(work);
    if (work.name === "gemm") {
      const { n } = work;
      const a = numbers(n * n, 1);
      const b = numbers(n * n, 2);
      const c = new Float32Array(n * n);
      return { run: () => product(a, b, c, n, n, n), result: () => c[(n - 1) * n + (n >> 1)]! };
    }
    const x = numbers(work.n, 3);
    const out = new Float32Array(work.n);
    const sigmoid = (): void => {
      for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]!));
    };
    const tanh = (): void => {
      for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i]!);
    };
    const mean = (): number => out.reduce((sum, y) => sum + y, 0) / out.length;
    return { run: work.name === "sigmoid" ? sigmoid : tanh, result: mean };
  },
};

/** The course's six equations, row by row, so that every inner loop runs along samples. */
function network({ n_x, n_1, m }: Network): Prepared {
  const X = numbers(n_x * m, 4);
  const Y = labels(m);
  const W1 = numbers(n_1 * n_x, 5);
  const W2 = numbers(n_1, 6);
  const b1 = new Float32Array(n_1);
  let b2 = 0;
  let cost = 0;
  const A1 = new Float32Array(n_1 * m);
  const dZ2 = new Float32Array(m);
  const rate = 0.1 / m;

  const forward = (): void => {
    product(W1, X, A1, n_1, m, n_x);
    dZ2.fill(b2);
    for (let i = 0; i < n_1; i++) {
      for (let j = 0; j < m; j++) {
        const a = Math.tanh(A1[i * m + j]! + b1[i]!);
        A1[i * m + j] = a;
        dZ2[j]! += W2[i]! * a;
      }
    }
    cost = 0;
    for (let j = 0; j < m; j++) {
      const z = dZ2[j]!;
      cost += Math.max(z, 0) - z * Y[j]! + Math.log1p(Math.exp(-Math.abs(z)));
      dZ2[j] = 1 / (1 + Math.exp(-z)) - Y[j]!;
    }
    cost /= m;
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
    b2 -= rate * dZ2.reduce((sum, d) => sum + d, 0);
  };
  return {
    run: () => {
      forward();
      backward();
    },
    result: () => cost,
  };
}
