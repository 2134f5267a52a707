/** Contenders that live in a Python process of their own, which makes the same inputs and takes its own times. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contender, SelfTimed } from "../../contenders/contender.ts";
import type { Work } from "../../work.ts";

const THREADS = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];

/** Settings that would pin a host's BLAS to the kernels of another processor. */
const FOREIGN = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

interface Reply {
  error?: string;
  prepared?: boolean;
  times?: number[];
  sample?: number[];
  length?: number;
}

/** The interpreter of bench/peers/.venv, or the one that is there. */
function interpreter(): string {
  const own = fileURLToPath(new URL("../.venv/bin/python3", import.meta.url));
  return existsSync(own) ? own : "python3";
}

/** A conversation with worker.py: one line out, one line back. */
class Worker {
  readonly #process: ChildProcess;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  constructor() {
    const environment: NodeJS.ProcessEnv = { ...process.env };
    for (const name of FOREIGN) delete environment[name];
    for (const name of THREADS) environment[name] = "1";
    const script = fileURLToPath(new URL("../worker.py", import.meta.url));
    this.#process = spawn(interpreter(), [script], { env: environment, stdio: ["pipe", "pipe", "ignore"] });
    const end = (error: Error): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#process.on("error", end);
    this.#process.on("exit", () => end(new Error("python3 has no NumPy")));
    this.#process.stdin?.on("error", () => undefined);
    createInterface({ input: this.#process.stdout! }).on("line", (line) => this.#waiting.shift()?.resolve(line));
  }

  ask(request: object): Promise<Reply & Record<string, unknown>> {
    return new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    }).then((line) => {
      const reply = JSON.parse(line) as Reply & Record<string, unknown>;
      if (reply.error) throw new Error(reply.error);
      return reply;
    });
  }
}

let keys = 0;

async function prepare(worker: Worker, library: string, work: Work): Promise<SelfTimed | undefined> {
  const key = String(keys++);
  const { prepared } = await worker.ask({ do: "prepare", library, work, key });
  if (!prepared) return undefined;
  return {
    async turn(milliseconds, batch) {
      const { times } = await worker.ask({ do: "turn", key, milliseconds, batch });
      return times ?? [];
    },
    async answer() {
      const { sample, length } = await worker.ask({ do: "answer", key });
      return { sample: sample ?? [], length: length ?? 0 };
    },
    release: () => void worker.ask({ do: "release", key }).catch(() => undefined),
  };
}

/** What python3 has of NumPy, PyTorch and scikit-learn. */
export async function python(): Promise<Contender[]> {
  const worker = new Worker();
  try {
    const versions = (await worker.ask({ do: "versions" })) as Record<string, string>;
    const notes: Record<string, string> = {
      "scikit-learn":
        "a whole fit is L-BFGS, another algorithm; MLPClassifier with one batch of all samples otherwise",
    };
    return Object.entries(versions).map(([name, version]) => ({
      name,
      version,
      note: `native code, ${interpreter() === "python3" ? "the host's python3" : "python3"}${notes[name] ? `; ${notes[name]}` : ""}`,
      prepare: (work) => prepare(worker, name, work),
    }));
  } catch {
    return [];
  }
}
