/**
 * Measures the elementary functions of every build against better ones, prints the table and writes
 * docs/accuracy.md. An optional argument visits only every so-manyth number: 100 gives a quick look.
 *
 *     npm run accuracy [-- 100]
 */
import "./relaxed-simd.ts";
import { writeFileSync } from "node:fs";
import { golden, judgeGolden, SCRATCH, SPARSE, SPARSE_BELOW, sweep } from "../test/assembly/accuracy.ts";
import { functions, type Measured } from "../test/assembly/functions.ts";
import { instantiate, modules } from "../test/assembly/load.ts";
import type { DType, ErrorSummary } from "../test/assembly/ulp.ts";

// A double-precision reference takes thirty times as long as a single-precision one.
const F64_STEP = 32;

const step = Number(process.argv[2] ?? 1);
if (!(Number.isInteger(step) && step > 0))
  throw new RangeError(`The step is ${process.argv[2]}; expected 1, 2, 3 …`);

const published = ["simd", "relaxed"];
const builds = published.filter((build) => modules.some(([name]) => name === build));
const kernels = builds.map((build) => instantiate(build, SCRATCH));

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
  return builds.map((build, k) => {
    const sweepOnly = swept[k]!;
    const pinned = dtype === "f64" ? judgeGolden(measured.name, kernels[k]!) : undefined;
    const worst: ErrorSummary = pinned && pinned.worst > sweepOnly.worst ? pinned : sweepOnly;
    if (worst.worst > measured.bound) {
      process.exitCode = 1;
      console.error(
        `${measured.name} ${dtype} ${build}: ${worst.worst} ULP at ${worst.at}, more than ${measured.bound}`,
      );
    }
    const [low, high] = measured[dtype];
    return [
      `\`${measured.name}\``,
      dtype,
      build,
      number(worst.worst, 3),
      String(worst.at),
      number(sweepOnly.mean, 3),
      `${low} … ${high}`,
      thousands(sweepOnly.count),
      String(measured.bound),
    ];
  });
}

const head = ["function", "dtype", "build", "worst ULP", "at x", "mean ULP", "swept x", "numbers", "bound"];
const rows: string[][] = [];
console.log(head.join("  "));
for (const measured of functions) {
  for (const dtype of ["f32", "f64"] as const) {
    const more = rowsOf(measured, dtype);
    rows.push(...more);
    for (const row of more) console.log(row.join("  "));
  }
}

const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
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

${table}

## How it was measured

f32: ${oneIn(step, "number")} of the swept interval of magnitude 2^${Math.log2(SPARSE_BELOW.f32)} or more, and every ${SPARSE * step + 1}th below,
subnormal numbers included (log: ${oneIn(step, "positive number")}), against JavaScript's double-precision \`Math\`, whose
own error is a few billionths of an f32 ULP. f64: ${oneIn(step * F64_STEP, "pattern")} of the upper 32 bits from magnitude
2^${Math.log2(SPARSE_BELOW.f64)} on and every ${SPARSE * step * F64_STEP + 1}th below, with scattered lower bits (log: the dense part is 0.5 … 2), against
pairs of doubles good for 30 digits (\`test/assembly/double-double.ts\`); and ${goldenPoints} points computed in 60 digits
(\`test/golden/functions.py\`): neighbours of every threshold, both ends, subnormal results, and the worst points that
longer searches found.${step === 1 ? " So the f32 rows show the true worst case, the f64 rows the worst that was found." : ""} \`npm test\` repeats a
thinner sweep.

## How it is computed

exp takes out the nearest multiple of ln 2 in two parts (Cody and Waite). What e^r − 1 of the rest needs beyond r is a
polynomial in f32 and, as in fdlibm, a quotient of polynomials in f64; then two powers of two scale it, so that large
and subnormal results come out right. log brings x to √½ … √2 and uses the series in s = f/(2 + f) of fdlibm (f64) and
FreeBSD's msun (f32). tanh takes out the nearest multiple of ln(2)/2, evaluates the tanh of the rest as an odd
polynomial and joins both by the addition theorem: around 0 the polynomial is all there is, so the relative precision
stays. All polynomials but those of log are Chebyshev fits (\`scripts/polynomials.py\`). sigmoid, its derivative and the
loss all start from e^−|x|, so that both tails keep their relative precision; the loss adds log(1 + e) by the same
series as log; the derivatives are s·(1 − s) with s = σ(−|x|), and tanh′(x) = 4σ′(2x).

The simd build gives the same bits on every host. The relaxed build fuses multiply and add where the host does: its
results differ in a few last bits, not in quality. The same holds for normal deviates, whose log, sine and cosine are
made of such multiply-adds, but not for uniform numbers, words and permutations, which have the same bits in every
build.
`,
);
