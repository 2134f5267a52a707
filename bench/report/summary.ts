/** The few numbers that the README shows. */
import { quantity } from "../harness/print.ts";
import type { Measurement, Recording } from "../harness/recording.ts";
import { timesOf } from "../harness/statistics.ts";

/** Rows of the summary with the words for them; in those of threads, ours are the contenders with two, and with one beside them. */
const ROWS: Record<string, string> = {
  "gemm f32 64": "product of 64 × 64 matrices",
  "gemm f32 512": "product of 512 × 512 matrices",
  "sigmoid f32 10^6": "sigmoid of 10^6 numbers",
  "tanh f32 10^6": "tanh of 10^6 numbers",
  "logistic 10^6 × 32, samples in rows": "logistic regression, 10^6 × 32, one iteration",
  "two-layer (2, 4, 400)": "network (2, 4, 400), one iteration",
  "two-layer (64, 128, 10000)": "network (64, 128, 10000), one iteration",
  "two-layer (784, 128, 10000)": "network (784, 128, 10000), one iteration",
  "threads, two-layer (784, 128, 10000)": "the same in two threads (one, in that run)",
  "add (2, 2)": "`add` of 2 × 2 matrices",
};

const COLUMNS: Record<string, string> = {
  "fourlane relaxed": "fourlane, relaxed",
  "fourlane simd": "fourlane, simd",
  "plain JavaScript": "plain JavaScript",
  "TensorFlow.js wasm": "TensorFlow.js wasm",
  NumPy: "NumPy, one thread",
};

function cell({ contenders, unit, work }: Measurement, name: string): string {
  const time = (wanted: string): string => {
    const found = contenders.find((contender) => contender.name === wanted);
    return found ? quantity(timesOf(found.rounds).median, unit) : "–";
  };
  // The other rows are of another run, whose times a reader must not divide by these.
  if (work.kind === "threaded" && name.startsWith("fourlane"))
    return `${time(`${name}, 2 threads`)} (${time(name)})`;
  return time(name);
}

/** Columns of equal width, as a formatter would have them. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((cells) => cells[i]!.length)));
  return lines
    .map((cells, row) => {
      const padded = cells.map((text, i) => (row === 1 ? "-".repeat(widths[i]!) : text.padEnd(widths[i]!)));
      return `| ${padded.join(" | ")} |`;
    })
    .join("\n");
}

function when({ recorded, commit }: Recording): string {
  return `${recorded.slice(0, 10)}, ${commit}`;
}

/** A table of medians from the first recording and that of threads on its engine, and where the rest is. */
export function summary([recording]: readonly Recording[], threaded: readonly Recording[]): string {
  if (!recording) return "No run has been recorded yet.";
  const threads = threaded.find((run) => run.engine === recording.engine);
  const head = ["", ...Object.values(COLUMNS)];
  const lines = Object.entries(ROWS).flatMap(([id, words]) => {
    const row = [...recording.rows, ...(threads?.rows ?? [])].find((measured) => measured.id === id);
    return row ? [[words, ...Object.keys(COLUMNS).map((name) => cell(row, name))]] : [];
  });
  const { engine, machine, recorded, commit } = recording;
  return `${aligned([head, head.map(() => ""), ...lines])}

Medians on an ${machine.processor}, one core unless threads are named, ${engine.replace(/ \(.*/, "")}, all in one run, recorded on
${recorded.slice(0, 10)} with the code of commit ${commit}${threads ? `; two threads in a run of their own, ${when(threads)}` : ""}.
More rows, more peers, spreads, charts and the machine's limits: [docs/benchmarks.md](docs/benchmarks.md).
\`npm run bench\` measures yours in a minute.`;
}
