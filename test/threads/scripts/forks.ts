/** A thread of the tests of Control: helps with forks, and counts who computed what. */
import { parentPort, workerData } from "node:worker_threads";
import { Control } from "../../../src/threads/control.ts";
import { partsFor } from "../tally.ts";

const { control, tally, index } = workerData as {
  control: SharedArrayBuffer;
  tally: SharedArrayBuffer;
  index: number;
};

try {
  new Control(control).help(partsFor(new Control(control), tally, index));
  parentPort!.postMessage("over");
} catch (error) {
  parentPort!.postMessage(String(error));
}
