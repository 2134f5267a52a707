/**
 * What runs asynchronously: loaded when it is first needed, as a module of its own that holds no state of the package
 * but that of its workers. Arrays, runtimes and models it knows by their types and is handed over.
 */
export { instanceOf } from "../kernel.ts";
export { census, releaseThreads } from "../threads/pool.ts";
export { runFit } from "./fits.ts";
export { handOver } from "./loop.ts";
export { multiply } from "./product.ts";
export { linkFrom } from "./source.ts";
export { runStream } from "./stream.ts";
