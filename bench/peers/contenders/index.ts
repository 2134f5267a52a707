/** The peers that run on this engine. */
import type { Contender } from "../../contenders/contender.ts";
import { python } from "./python.ts";
import { sizes } from "./size.ts";

const major = Number(process.versions.node.split(".")[0]);

/** Every peer of a group; those that know none of its rows say so themselves. */
export async function contenders(): Promise<Contender[]> {
  const { tensorflow } = await import("./tensorflow.ts");
  const { onnx } = await import("./onnx.ts");
  const { scripts } = await import("./scripts.ts");
  const { jax } = await import("./jax.ts");
  const newer = major >= 22 ? [(await import("./numpy-ts.ts")).numpyTs] : [];
  return [...tensorflow(), onnx(), await jax(), ...newer, ...scripts, ...sizes, ...(await python())];
}
