/** A script that is not the package's: it answers every message, with something else. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", () => parentPort.postMessage(null));
