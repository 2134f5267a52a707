/**
 * Measures the elementary functions of every build against better ones, prints the table and writes
 * docs/accuracy.md. An optional argument visits only every so-manyth number: 100 gives a quick look; a second one
 * measures one function only and keeps the other rows of the file.
 *
 *     npm run accuracy [-- 100 [exp]]
 */
import "./relaxed-simd.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { golden, judgeGolden, SCRATCH, SPARSE, SPARSE_BELOW, sweep } from "../test/assembly/accuracy.ts";
import { functions, type Measured } from "../test/assembly/functions.ts";
import { instantiate, modules } from "../test/assembly/load.ts";
import { judgeGoldenPower, POWER_BOUND, sweepPower } from "../test/assembly/power-accuracy.ts";
import type { DType, ErrorSummary } from "../test/assembly/ulp.ts";

// A double-precision reference takes thirty times as long as a single-precision one.
const F64_STEP = 32;

const step = Number(process.argv[2] ?? 1);
if (!(Number.isInteger(step) && step > 0))
  throw new RangeError(`The step is ${process.argv[2]}; expected 1, 2, 3 …`);

const only = process.argv[3];
const published = ["simd", "relaxed"];
const builds = published.filter((build) => modules.some(([name]) => name === build));
const kernels = builds.map((build) => instantiate(build, Math.max(SCRATCH, 1 << 17)));

/** One line of standard error that counts up, for a measurement that takes minutes. */
function progress(label: string): (fraction: number) => void {
  const start = performance.now();
  let shown = start;
  return (fraction) => {
    const now = performance.now();
    if (now - start < 1000 || (now - shown < 250 && fraction < 1)) return;
    shown = now;
    process.stderr.write(`\r${label} ${Math.floor(100 * fraction)} %${fraction >= 1 ? "\n" : ""}`);
  };
}

const number = (x: number, digits: number) => x.toFixed(digits);
const thousands = (n: number) => n.toLocaleString("en-US");

function rowsOf(measured: Measured, dtype: DType): string[][] {
  const by = dtype === "f32" ? step : step * F64_STEP;
  const swept = sweep(measured, dtype, kernels, by, progress(`${measured.name} ${dtype}`));
  const pinned = kernels.map((kernel) => judgeGolden(measured.name, kernel));
  return table(measured.name, dtype, swept, pinned, `${measured[dtype].join(" … ")}`, measured.bound);
}

/** Pairs take two logarithms and exponentials each. */
const POWER_PAIRS = { f32: 1 << 26, f64: 1 << 23 };

function powerRows(dtype: DType): string[][] {
  const swept = sweepPower(dtype, kernels, Math.ceil(POWER_PAIRS[dtype] / step), progress(`power ${dtype}`));
  return table("power", dtype, swept, kernels.map(judgeGoldenPower), "pairs, see below", POWER_BOUND[dtype]);
}

/** A row a build: what a sweep found, and in f64 the golden points if they are worse. */
function table(
  name: string,
  dtype: DType,
  swept: ErrorSummary[],
  golden: ErrorSummary[],
  range: string,
  bound: number,
): string[][] {
  return builds.map((build, k) => {
    const sweepOnly = swept[k]!;
    const pinned = dtype === "f64" ? golden[k] : undefined;
    const worst: ErrorSummary = pinned && pinned.worst > sweepOnly.worst ? pinned : sweepOnly;
    if (worst.worst > bound) {
      process.exitCode = 1;
      console.error(`${name} ${dtype} ${build}: ${worst.worst} ULP at ${worst.at}, more than ${bound}`);
    }
    return [
      `\`${name}\``,
      dtype,
      build,
      number(worst.worst, 3),
      String(worst.at),
      number(sweepOnly.mean, 3),
      range,
      thousands(sweepOnly.count),
      String(bound),
    ];
  });
}

/** The rows of a function in the file as it is. */
function recorded(name: string, dtype: DType): string[][] {
  const lines = readFileSync(new URL("../docs/accuracy.md", import.meta.url), "utf8").split("\n");
  return lines
    .filter((text) => text.startsWith(`| \`${name}\` | ${dtype} |`))
    .map((text) => text.slice(2, -2).split(" | "));
}

const head = ["function", "dtype", "build", "worst ULP", "at x", "mean ULP", "swept x", "numbers", "bound"];
const rows: string[][] = [];
console.log(head.join("  "));
const all: [name: string, measure: (dtype: DType) => string[][]][] = functions.map((measured) => [
  measured.name,
  (dtype) => rowsOf(measured, dtype),
]);
all.push(["power", powerRows]);
for (const [name, measure] of all) {
  for (const dtype of ["f32", "f64"] as const) {
    const more = only === undefined || only === name ? measure(dtype) : recorded(name, dtype);
    rows.push(...more);
    for (const row of more) console.log(row.join("  "));
  }
}

const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
const shown = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
const missing = published.filter((build) => !builds.includes(build));
const goldenPoints = thousands(Object.values(golden).reduce((sum, points) => sum + points.length, 0));
const oneIn = (n: number, what: string) => (n === 1 ? `every ${what}` : `one in ${n} ${what}s`);

writeFileSync(
  new URL("../docs/accuracy.md", import.meta.url),
  `# Accuracy of the elementary functions

Made by \`npm run accuracy\`${step === 1 ? "" : ` with step ${step}`}; do not edit.${missing.length ? ` This host cannot run the ${missing.join(", ")} build; its rows are missing.` : ""}

An ULP is the distance of neighbouring numbers of the dtype around the exact value; a correctly rounded result is
within 0.5. \`loss\` is the cross-entropy of one logit x with the label 1, log(1 + e^−x), however small; with the
label 0 it is the same of −x, to the bit. Past the swept arguments the results are the limits 0, 1, ∞ or x
itself, but for subnormal results of f64, which the golden points below cover.
\`bound\` is what the tests hold all builds to.

${shown}

## How it was measured

f32: ${oneIn(step, "number")} of the swept interval of magnitude 2^${Math.log2(SPARSE_BELOW.f32)} or more, and every ${SPARSE * step + 1}th below,
subnormal numbers included (log: ${oneIn(step, "positive number")}), against JavaScript's double-precision \`Math\`, whose
own error is a few billionths of an f32 ULP. f64: ${oneIn(step * F64_STEP, "pattern")} of the upper 32 bits from magnitude
2^${Math.log2(SPARSE_BELOW.f64)} on and every ${SPARSE * step * F64_STEP + 1}th below, with scattered lower bits (log: the dense part is 0.5 … 2), against
pairs of doubles good for 30 digits (\`test/assembly/double-double.ts\`); and ${goldenPoints} points computed in 60 digits
(\`test/golden/functions.py\`): neighbours of every threshold, both ends, subnormal results, and the worst points that
longer searches found.${step === 1 ? " So the f32 rows show the true worst case, the f64 rows the worst that was found." : ""} \`npm test\` repeats a
thinner sweep.

power: pairs of four kinds from a fixed seed, x ordinary, around 1, around √½ and √2, and of any magnitude, the y of
the last three such that x^y has any magnitude; and in f64 a thousand points in 60 digits (\`test/golden/power.py\`),
subnormal results among them. No sweep of pairs is complete: these rows show the worst that was found.

## How it is computed

exp takes out the nearest multiple of ln 2 in two parts (Cody and Waite). What e^r − 1 of the rest needs beyond r is a
polynomial in f32 and, as in fdlibm, a quotient of polynomials in f64; then two powers of two scale it, so that large
and subnormal results come out right. log brings x to √½ … √2 and uses the series in s = f/(2 + f) of fdlibm (f64) and
FreeBSD's msun (f32). tanh takes out the nearest multiple of ln(2)/2, evaluates the tanh of the rest as an odd
polynomial and joins both by the addition theorem: around 0 the polynomial is all there is, so the relative precision
stays. All polynomials but those of log are Chebyshev fits (\`scripts/polynomials.py\`). sigmoid, its derivative and the
loss all start from e^−|x|, so that both tails keep their relative precision; the loss adds log(1 + e) by the same
series as log; the derivatives are s·(1 − s) with s = σ(−|x|), and tanh′(x) = 4σ′(2x).

power is e^(y·log x) in f64 for both dtypes, so that f32 is correctly rounded but for one result in millions. Its
logarithm has two parts, since y multiplies its error by up to 745; the worst results are the largest and smallest of
f64. Around whole results less than half an ULP is lost before the last rounding, so that whole powers of whole numbers
are exact wherever the dtype holds them.

The simd build gives the same bits on every host. The relaxed build fuses multiply and add where the host does: its
results differ in a few last bits, not in quality. The same holds for normal deviates, whose log, sine and cosine are
made of such multiply-adds, but not for uniform numbers, words and permutations, which have the same bits in every
build.
`,
);
