/** Passes from what can be sent to a worker. */
import { logisticPass, type Pass, type PassSpec, twoLayerPass } from "../passes.ts";
import { softmaxPass } from "../softmax-regression/pass.ts";

/** The pass that a spec describes. */
export function passOf(spec: PassSpec): Pass {
  if (spec.model === "softmax") return softmaxPass(spec.n_x, spec.classes);
  return spec.model === "logistic" ? logisticPass(spec.n_x) : twoLayerPass(spec.n_x, spec.n_1, spec.activation);
}
