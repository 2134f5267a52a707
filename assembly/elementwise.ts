/**
 * Element by element: out = a op b with NumPy's broadcasting as stride 0, out = op x, and the loops
 * that activations share. out may be exactly a, b or x (same address and strides), not a part of them.
 */
import { exp, log } from "./math";
import { CACHED, touch } from "./touch";
import { at, bytes, lanes, loadPart, loadSplat, storePart } from "./vec";

/** A function of one vector; a loop takes it as a type, so that each loop is compiled around its function. */
export abstract class Unary<T extends number> {
  abstract of(x: v128): v128;
}

/** A function of two vectors. */
export abstract class Binary<T extends number> {
  abstract of(a: v128, b: v128): v128;
}

// ---- loops ----------------------------------------------------------------------------------------

/** Bytes touched together: about as many lines as a core waits for at the same time. */
const AHEAD: i32 = 1024;

function unaryRow<T extends number, Op extends Unary<T>>(n: i32, x: usize, x_s: i32, out: usize, out_s: i32): void {
  const op = changetype<Op>(0);
  const L = lanes<T>();
  const x_step = bytes<T>(x_s);
  const out_step = bytes<T>(out_s);
  let i = 0;
  if (x_s == 1 && out_s == 1) {
    const block = AHEAD / <i32>sizeof<T>();
    for (const end = n & ~(L - 1); i < end; ) {
      const stop = min(end, i + block);
      if (bytes<T>(n) > CACHED) touch(at<T>(x, i), at<T>(x, stop));
      for (; i < stop; i += L) v128.store(at<T>(out, i), op.of(v128.load(at<T>(x, i))));
    }
  }
  for (; i < n; i += L) {
    const count = min(n - i, L);
    const y = op.of(loadPart<T>(at<T>(x, i * x_s), x_step, count));
    storePart<T>(at<T>(out, i * out_s), y, out_step, count);
  }
}

/** out[i, j] = Op(x[i, j]), fast where cols are contiguous: callers swap rows and cols where rows are. */
export function unary<T extends number, Op extends Unary<T>>(
  rows: i32,
  cols: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  out: usize,
  out_rs: i32,
  out_cs: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  for (let i = 0; i < rows; i++) {
    unaryRow<T, Op>(cols, at<T>(x, i * x_rs), x_cs, at<T>(out, i * out_rs), out_cs);
  }
}

function binaryRow<T extends number, Op extends Binary<T>>(
  n: i32,
  a: usize,
  a_s: i32,
  b: usize,
  b_s: i32,
  out: usize,
  out_s: i32,
): void {
  const op = changetype<Op>(0);
  const L = lanes<T>();
  const end = n & ~(L - 1);
  const a_step = bytes<T>(a_s);
  const b_step = bytes<T>(b_s);
  const out_step = bytes<T>(out_s);
  if (n == 0) return;
  let i = 0;
  if (out_s == 1 && a_s == 1 && b_s == 1) {
    for (; i < end; i += L) v128.store(at<T>(out, i), op.of(v128.load(at<T>(a, i)), v128.load(at<T>(b, i))));
  } else if (out_s == 1 && a_s == 1 && b_s == 0) {
    const y = loadSplat<T>(b);
    for (; i < end; i += L) v128.store(at<T>(out, i), op.of(v128.load(at<T>(a, i)), y));
  } else if (out_s == 1 && a_s == 0 && b_s == 1) {
    const x = loadSplat<T>(a);
    for (; i < end; i += L) v128.store(at<T>(out, i), op.of(x, v128.load(at<T>(b, i))));
  }
  for (; i < n; i += L) {
    const count = min(n - i, L);
    const x = loadPart<T>(at<T>(a, i * a_s), a_step, count);
    const y = loadPart<T>(at<T>(b, i * b_s), b_step, count);
    storePart<T>(at<T>(out, i * out_s), op.of(x, y), out_step, count);
  }
}

/** out[i, j] = Op(a[i, j], b[i, j]), fast where the cols of out are contiguous. */
export function binary<T extends number, Op extends Binary<T>>(
  rows: i32,
  cols: i32,
  a: usize,
  a_rs: i32,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  b_cs: i32,
  out: usize,
  out_rs: i32,
  out_cs: i32,
): void {
  assert(rows >= 0 && cols >= 0 && out >= __heap_base);
  for (let i = 0; i < rows; i++) {
    binaryRow<T, Op>(cols, at<T>(a, i * a_rs), a_cs, at<T>(b, i * b_rs), b_cs, at<T>(out, i * out_rs), out_cs);
  }
}

// ---- functions ------------------------------------------------------------------------------------

/** a + b. */
export class Add<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.add<T>(a, b);
  }
}

/** a − b. */
export class Subtract<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.sub<T>(a, b);
  }
}

/** a·b. */
export class Multiply<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.mul<T>(a, b);
  }
}

/** a/b. */
export class Divide<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.div<T>(a, b);
  }
}

/** NaN where either is NaN, as NumPy's maximum. */
export class Maximum<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.max<T>(a, b);
  }
}

/** NaN where either is NaN, as NumPy's minimum. */
export class Minimum<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.min<T>(a, b);
  }
}

/** −x. */
export class Negate<T extends number> extends Unary<T> {
  of(x: v128): v128 {
    return v128.neg<T>(x);
  }
}

/** |x|. */
export class Absolute<T extends number> extends Unary<T> {
  of(x: v128): v128 {
    return v128.abs<T>(x);
  }
}

/** √x, correctly rounded; NaN below 0. */
export class SquareRoot<T extends number> extends Unary<T> {
  of(x: v128): v128 {
    return v128.sqrt<T>(x);
  }
}

/** e^x; its error is stated in math.ts. */
export class Exp<T extends number> extends Unary<T> {
  of(x: v128): v128 {
    return exp<T>(x);
  }
}

/** Natural logarithm; its error is stated in math.ts. */
export class Log<T extends number> extends Unary<T> {
  of(x: v128): v128 {
    return log<T>(x);
  }
}
