/** Comparing what was computed with what should have been: to the bit, in units of the last place, or within bounds. */

/** The two element types. */
export type Dtype = "f32" | "f64";

/** Both element types, for tables of cases. */
export const dtypes: readonly Dtype[] = ["f32", "f64"];

/** Numbers in order: a vector, or a dense matrix row by row. */
export type Numbers = ArrayLike<number>;

/** x as the nearest number of the dtype. */
export function rounded(dtype: Dtype, x: number): number {
  return dtype === "f32" ? Math.fround(x) : x;
}

/** The distance from 1 to the next number. */
export const epsilon: Record<Dtype, number> = { f32: 2 ** -23, f64: 2 ** -52 };

/** Below it, numbers lose digits. */
export const smallestNormal: Record<Dtype, number> = { f32: 2 ** -126, f64: 2 ** -1022 };

/** Terms that meet in one accumulator: f32 sums go over to f64 after a block; the oracle never does. */
export function termsOf(dtype: Dtype, n: number, block: number): number {
  return dtype === "f32" ? Math.min(n, block) : n;
}

/** One unit in the last place of the dtype at x: the distance between its numbers there. */
export function ulpOf(dtype: Dtype, x: number): number {
  const [digits, lowest] = dtype === "f32" ? [23, -126] : [52, -1022];
  const magnitude = Math.abs(x);
  let exponent = magnitude === 0 ? lowest : Math.max(Math.floor(Math.log2(magnitude)), lowest);
  // log2 rounds: just below a power of two it may say the power itself.
  if (2 ** exponent > magnitude && exponent > lowest) exponent--;
  return 2 ** (exponent - digits);
}

function fail(label: string, i: number, actual: number, expected: number, allowed: string): never {
  throw new Error(`${label}: element ${i} is ${actual}; expected ${expected}${allowed}.`);
}

function sameLength(label: string, actual: Numbers, expected: Numbers): void {
  if (actual.length !== expected.length) {
    throw new Error(`${label}: ${actual.length} elements; expected ${expected.length}.`);
  }
}

/** Every element the same number, −0 apart from 0 and all NaN alike. */
export function expectSame(actual: Numbers, expected: Numbers, label: string): void {
  sameLength(label, actual, expected);
  for (let i = 0; i < actual.length; i++) {
    if (!Object.is(actual[i], expected[i])) fail(label, i, actual[i]!, expected[i]!, "");
  }
}

/** Every element within `ulp` units in the last place of the exact value; 0 asks for correct rounding. */
export function expectUlp(dtype: Dtype, actual: Numbers, exact: Numbers, ulp: number, label: string): void {
  sameLength(label, actual, exact);
  for (let i = 0; i < actual.length; i++) {
    const nearest = rounded(dtype, exact[i]!);
    if (Object.is(actual[i], nearest)) continue;
    const error = Math.abs(actual[i]! - exact[i]!);
    if (ulp > 0 && Number.isFinite(nearest) && error <= ulp * ulpOf(dtype, exact[i]!)) continue;
    fail(label, i, actual[i]!, exact[i]!, ` within ${ulp} ULP`);
  }
}

/** Every element within its own absolute bound; where the expected one is not finite, exactly that. */
export function expectWithin(actual: Numbers, expected: Numbers, bounds: Numbers, label: string): void {
  sameLength(label, actual, expected);
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i]) || Math.abs(actual[i]! - expected[i]!) <= bounds[i]!) continue;
    fail(label, i, actual[i]!, expected[i]!, ` ± ${bounds[i]}`);
  }
}

/** Every element exactly the expected number, whatever the sign of a 0. */
export function expectEqual(actual: Numbers, expected: Numbers, label: string): void {
  expectWithin(actual, expected, new Float64Array(expected.length), label);
}
