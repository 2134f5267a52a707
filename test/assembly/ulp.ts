/**
 * Units in the last place (ULP): the distance of neighbouring numbers of a dtype around the exact value.
 * A correctly rounded result is within 0.5 of it.
 */

export type DType = "f32" | "f64";

const DIGITS = { f32: 23, f64: 52 };
const SMALLEST_EXPONENT = { f32: -126, f64: -1022 };
const ULPS = { f32: ulpTable("f32"), f64: ulpTable("f64") };

function ulpTable(dtype: DType): Float64Array {
  const exponent = (biased: number) => Math.max(biased - 1023, SMALLEST_EXPONENT[dtype]) - DIGITS[dtype];
  return Float64Array.from({ length: 2048 }, (_, biased) => 2 ** exponent(biased));
}

// Little-endian, as WebAssembly's memory is and every host of it.
const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);
const doubleBits = new BigUint64Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The distance of neighbouring numbers of `dtype` around x. */
export function ulp(x: number, dtype: DType): number {
  double[0] = x;
  return ULPS[dtype][(doubleWords[1]! >>> 20) & 2047]!;
}

/** The number `steps` representable numbers further from zero than x, which is not 0. */
export function neighbour(x: number, steps: number, dtype: DType): number {
  if (dtype === "f32") {
    single[0] = x;
    singleBits[0]! += steps;
    return single[0]!;
  }
  double[0] = x;
  doubleBits[0]! += BigInt(steps);
  return double[0]!;
}

/** The bit pattern of the f32 |x|. */
export function bitsF32(x: number): number {
  single[0] = Math.abs(x);
  return singleBits[0]!;
}

/** The upper 32 bits of the f64 |x|. */
export function upperBitsF64(x: number): number {
  double[0] = Math.abs(x);
  return doubleWords[1]!;
}

/** The worst and the mean of many errors. */
export class ErrorSummary {
  count = 0;
  worst = 0;
  /** The argument of the worst error. */
  at = Number.NaN;
  private sum = 0;

  add(error: number, x: number): void {
    this.count++;
    this.sum += error;
    // A NaN is the worst of all, and stays.
    if (!(error <= this.worst || Number.isNaN(this.worst))) {
      this.worst = error;
      this.at = x;
    }
  }

  get mean(): number {
    return this.sum / this.count;
  }
}
