/** A script that is not the package's: it hears every message and answers none. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", () => {});
