/** L-BFGS on all samples of a fit. */
import type { Optimizer } from "../index.ts";
import { checkCount, checkOptions } from "./errors.ts";
import { Minimiser, type Point } from "./minimiser.ts";

/** Options of `lbfgs`. */
export interface LbfgsOptions {
  /**
   * Steps that are remembered, >= 1, in two numbers of 64 bits for each parameter. More need fewer passes. Default 40:
   * a pass costs more than they do, and scikit-learn's 10 need a third more passes.
   */
  historySize?: number;
}

/**
 * L-BFGS (Nocedal, 1980): steps along what the last gradients tell of the cost's curvature, of lengths that lower it.
 *
 * It needs no learning rate and some fifty times fewer epochs, and ends with `stopped` "tolerance" where rounding hides any
 * further descent. Each step sees all samples: `batchSize`, `fitStream` and `step` are refused. `history.passes` counts
 * the passes over them.
 */
export function lbfgs(options: LbfgsOptions = {}): Optimizer {
  checkOptions("lbfgs", options, ["historySize"]);
  const { historySize = 40 } = options;
  checkCount("lbfgs", "historySize", historySize);
  return Object.freeze<Optimizer>({
    name: "lbfgs",
    options: Object.freeze({ historySize }),
    *minimise(sums, data, l2, history) {
      const { parameters } = sums;
      const m = data.count;
      history.passes = 0;
      const point = (): Point => {
        const x = Float64Array.from(parameters.data);
        const f = sums.cost(l2, m);
        const g = sums.meanGradient(l2, m, new Float64Array(x.length));
        sums.clear();
        history.passes!++;
        return { x, f, g };
      };
      const evaluate = function* (x: Float64Array): Generator<undefined, Point> {
        parameters.data.set(x);
        yield* sums.accumulate(data);
        yield;
        return point();
      };
      const noise = parameters.dtype === "f32" ? 2 ** -22 : 2 ** -51;
      const minimiser = new Minimiser(evaluate, point(), noise, historySize);
      for (;;) {
        const end = yield* minimiser.iterate();
        const { x, f } = minimiser.point;
        // What was tried last may lie elsewhere.
        parameters.data.set(x);
        if (end) {
          history.stopped = "tolerance";
          if (end === "stuck") {
            history.warnings.push(
              `After epoch ${history.epochs}, lbfgs found no step that lowers the cost: standardise X with StandardScaler.`,
            );
          }
          return;
        }
        yield f;
      }
    },
  });
}
