/** fourlane through its public interface. */
import * as fourlane from "../../src/index.ts";
import { type Contender, labels, type Network, numbers, type Prepared, type Work } from "./contender.ts";

/** fourlane on one of its builds. Preparing switches to that build. */
export function fourlaneOn(build: fourlane.Build): Contender {
  return {
    name: `fourlane ${build}`,
    prepare(work: Work): Prepared {
      fourlane.configure({ build });
      if (work.name === "two-layer") return network(work);
      if (work.name === "gemm") {
        const { n } = work;
        const a = fourlane.array(numbers(n * n, 1), { shape: [n, n] });
        const b = fourlane.array(numbers(n * n, 2), { shape: [n, n] });
        const c = fourlane.zeros([n, n]);
        return { run: () => fourlane.matmul(a, b, { out: c }), result: () => c.item(n - 1, n >> 1) };
      }
      const x = fourlane.array(numbers(work.n, 3));
      const out = fourlane.zeros(work.n);
      const map = work.name === "sigmoid" ? fourlane.sigmoid : fourlane.tanh;
      return { run: () => map(x, { out }), result: () => fourlane.mean(out) };
    },
  };
}

function network({ n_x, n_1, m }: Network): Prepared {
  const X = fourlane.array(numbers(n_x * m, 4), { shape: [n_x, m] });
  const Y = fourlane.array(labels(m), { shape: [1, m] });
  const W1 = fourlane.array(numbers(n_1 * n_x, 5), { shape: [n_1, n_x] });
  const W2 = fourlane.array(numbers(n_1, 6), { shape: [1, n_1] });
  const initialization = { W1, b1: fourlane.zeros([n_1, 1]), W2, b2: fourlane.zeros([1, 1]) };
  const model = new fourlane.TwoLayerNetwork({ hidden: n_1, learningRate: 0.1, initialization });
  model.initialize(n_x);
  let cost = 0;
  return {
    run: () => {
      model.accumulate(X, Y);
      cost = model.step();
    },
    result: () => cost,
  };
}
