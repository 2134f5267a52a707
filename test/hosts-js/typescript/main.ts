import { array, type DType, type History, matmul, type NDArray, TwoLayerNetwork } from "fourlane";
import { tanh, variable } from "fourlane/graph";
import { readNpy, writeNpy } from "fourlane/npy";
import { program } from "./program.mjs";

const dtype: DType = "f32";
const A: NDArray = array([[0, 1]], { dtype });
const c: number = matmul(A, A.T).item(0, 0);
const history: History = new TwoLayerNetwork({ hidden: 2, epochs: 3 }).fit(A, [[0, 1]]);
const shape: readonly number[] = readNpy(writeNpy(A)).shape;
const t: NDArray = tanh(variable(A)).value;

// @ts-expect-error An option that there is not.
export const misspelt = () => new TwoLayerNetwork({ learningrate: 1 });
// @ts-expect-error A dtype that there is not.
export const half = () => array([1], { dtype: "f16" });
// @ts-expect-error No array.
export const text = () => matmul("a", A);

if (c !== 1 || history.cost.length !== 4 || shape[1] !== 2 || t.item(0, 0) !== 0) throw new Error("wrong values");
console.log(JSON.stringify(await program()));
