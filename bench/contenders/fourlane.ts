/** fourlane through its public interface. */
import manifest from "../../package.json" with { type: "json" };
import * as fourlane from "../../src/index.ts";
import { mapInput, uniform } from "../inputs.ts";
import type { Work, WorkOf } from "../work.ts";
import type { Contender, Prepared, Runnable, SelfTimed } from "./contender.ts";
import { operands } from "./fourlane-products.ts";
import { aroundTraining, smallFitInCall } from "./fourlane-threads.ts";
import { fitMemory, logisticFit, subject, training } from "./fourlane-training.ts";
import { patient } from "./patient.ts";

const { version } = manifest;

/** Builds of the kernel that this host runs. */
export function builds(): fourlane.Build[] {
  return (["simd", "relaxed"] as const).filter((build) => {
    try {
      fourlane.configure({ build });
      return true;
    } catch {
      return false;
    }
  });
}

/** fourlane on one of its builds. */
export function fourlaneOn(build: fourlane.Build): Contender {
  return {
    name: `fourlane ${build}`,
    version,
    prepare: (work) => on(build, work),
  };
}

/** A product whose operands are not transposed, as the measure of one whose are. */
export function untransposed(build: fourlane.Build): Contender {
  return {
    name: `untransposed ${build}`,
    version,
    note: "fourlane's product of the same size without transposes",
    reference: true,
    prepare(work) {
      if (work.kind !== "gemm" || !work.transposed) return undefined;
      const { transposed: _, ...same } = work;
      return on(build, same);
    },
  };
}

/** Preparing switches to the build; arrays made before keep their own. */
function on(build: fourlane.Build, work: Work): Prepared | undefined {
  fourlane.configure({ build });
  switch (work.kind) {
    case "gemm":
      return gemm(work);
    case "map":
      return map(work);
    case "dot":
      return dot(work);
    case "add":
      return add(work);
    case "sum":
      return sum(work);
    case "logistic":
    case "two-layer":
      return training(subject(work));
    case "logistic-fit":
      return logisticFit(work);
    case "fit-memory":
      return fitMemory(work);
    case "small":
      return small(work);
    case "threaded":
      return work.of.kind === "gemm" ? gemm(work.of) : threaded(training(subject(work.of)));
    case "small-fit":
      return smallFitInCall(work);
    case "around-training":
      return aroundTraining(work);
    default:
      return undefined;
  }
}

function threaded(prepared: SelfTimed): SelfTimed {
  return { ...prepared, turn: patient(prepared.turn) };
}

/** The functions that rows name. */
const { sigmoid, tanh, exp, log, add: plus, matmul } = fourlane;
const FUNCTIONS = { sigmoid, tanh, exp, log };
const OPERATIONS = { add: plus, matmul };

function into(out: fourlane.NDArray, inputs: fourlane.NDArray[], run: () => unknown): Runnable {
  return {
    run,
    answer() {
      run();
      return out.data;
    },
    release() {
      for (const array of [...inputs, out]) array.free();
    },
  };
}

function gemm(work: WorkOf<"gemm">): Runnable {
  const { dtype, m, n } = work;
  const { x, y, made } = operands(work);
  const out = fourlane.zeros([m, n], { dtype });
  const options = { out };
  return into(out, made, () => fourlane.matmul(x, y, options));
}

function map(work: WorkOf<"map">): Runnable {
  const x = fourlane.array(mapInput(work));
  const out = fourlane.zeros(work.n, { dtype: work.dtype });
  const apply = FUNCTIONS[work.fn];
  const options = { out };
  return into(out, [x], () => apply(x, options));
}

function dot({ dtype, n }: WorkOf<"dot">): Runnable {
  const x = fourlane.array(uniform(dtype, n, 1));
  const y = fourlane.array(uniform(dtype, n, 2));
  const run = () => fourlane.dot(x, y);
  return {
    run,
    answer: () => [run()],
    release: () => {
      x.free();
      y.free();
    },
  };
}

function add({ dtype, rows, columns }: WorkOf<"add">): Runnable {
  const x = fourlane.array(uniform(dtype, rows * columns, 1), { shape: [rows, columns] });
  const bias = fourlane.array(uniform(dtype, rows, 2), { shape: [rows, 1] });
  const out = fourlane.zeros([rows, columns], { dtype });
  const options = { out };
  return into(out, [x, bias], () => fourlane.add(x, bias, options));
}

/** Sums have no `out`: the result is made and given back each time. */
function sum({ dtype, axis, rows, columns }: WorkOf<"sum">): Runnable {
  const x = fourlane.array(uniform(dtype, rows * columns, 1, 0, 1), { shape: [rows, columns] });
  const options = { axis };
  return {
    run: () => fourlane.sum(x, options).free(),
    answer: () => fourlane.sum(x, options).data.slice(),
    release: () => x.free(),
  };
}

function small({ operation }: WorkOf<"small">): Runnable {
  const a = fourlane.array(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
  const b = fourlane.array(Float32Array.of(5, 6, 7, 8), { shape: [2, 2] });
  const apply = OPERATIONS[operation];
  return {
    run: () => apply(a, b).free(),
    answer: () => apply(a, b).data.slice(),
    release: () => {
      a.free();
      b.free();
    },
  };
}
