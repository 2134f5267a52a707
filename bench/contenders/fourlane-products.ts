/** Operands of fourlane's products. */
import * as fourlane from "../../src/index.ts";
import { gemmInputs } from "../inputs.ts";
import type { WorkOf } from "../work.ts";

/** Operands of a product as it names them, views of what is to be freed. */
export function operands(work: WorkOf<"gemm">): {
  x: fourlane.NDArray;
  y: fourlane.NDArray;
  made: fourlane.NDArray[];
} {
  const { m, n, k, transposed } = work;
  const inputs = gemmInputs(work);
  const flipA = transposed === "a" || transposed === "both";
  const flipB = transposed === "b" || transposed === "both";
  const a = fourlane.array(inputs.a, { shape: flipA ? [k, m] : [m, k] });
  const b = fourlane.array(inputs.b, { shape: flipB ? [n, k] : [k, n] });
  return { x: flipA ? a.T : a, y: flipB ? b.T : b, made: [a, b] };
}
