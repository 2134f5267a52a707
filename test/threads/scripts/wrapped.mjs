/**
 * The worker's script with something wrong in one worker of a team: it ends, throws or dawdles at a given moment.
 *
 *   index   the worker; 0, the coordinator, unless told
 *   at      "order …" before it obeys, "report …" before it reports, "after …", "part" when a part is done
 *   nth     at which such moment
 *   how     "exit" or "throw"
 *   dawdle  milliseconds that it takes before each Atomics.`op` of this `word` (and `value`)
 */
import { parentPort } from "node:worker_threads";

const { index = 0, at, nth = 1, how = "exit", dawdle, op, word, value } = globalThis.options;
let place;
let count = 0;

function reached(moment) {
  if (moment !== at || place !== index || ++count < nth) return;
  if (how === "throw") throw new Error(`thrown at ${at}`);
  process.exit(7);
}

function wait(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const { add } = Atomics;
Atomics.add = (...operands) => {
  reached("part");
  // So that nobody else has done all parts by then.
  if (at === "part" && index > 0 && place !== index) wait(1);
  return add(...operands);
};

if (op) {
  const original = Atomics[op];
  Atomics[op] = (...operands) => {
    const meant = operands[1] === word && (value === undefined || operands[2] === value);
    if (meant && place === index) wait(dawdle);
    return original(...operands);
  };
}

const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (order) => {
    if (order.type === "start") place = order.index;
    reached(`order ${order.type}`);
    listener(order);
  });

const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (report) => {
  reached(`report ${report.type}`);
  post(report);
  reached(`after ${report.type}`);
};

await import("../../../src/threads/worker.js");
