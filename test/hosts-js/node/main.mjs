import { array, matmul } from "fourlane";
import { program } from "./program.mjs";

console.log(matmul(array([[1, 2]]), array([[3], [4]])).item(0, 0)); // 11
console.log(JSON.stringify(await program()));
