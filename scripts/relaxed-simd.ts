/**
 * Lets Node 20 and 21 run relaxed SIMD, which they hide behind a flag that later versions no longer know.
 * Import it before anything that compiles a kernel.
 */
import { setFlagsFromString } from "node:v8";

if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
