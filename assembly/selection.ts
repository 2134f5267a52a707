/** Comparing and choosing: a op b as 1 or 0, and where(condition, a, b). */
import { Binary } from "./elementwise";
import { one } from "./math";
import { at, bytes, lanes, loadPart, splat, storePart } from "./vec";

/** 1 where a = b, else 0; NaN equals nothing. */
export class Equal<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.and(v128.eq<T>(a, b), one<T>());
  }
}

/** 1 where a < b, else 0, and where either is NaN. */
export class Less<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.and(v128.lt<T>(a, b), one<T>());
  }
}

/** 1 where a ≤ b, else 0, and where either is NaN. */
export class LessEqual<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    return v128.and(v128.le<T>(a, b), one<T>());
  }
}

/** Up to one vector. */
function load<T extends number>(p: usize, step: usize, count: i32): v128 {
  if (count >= lanes<T>() && step == sizeof<T>()) return v128.load(p);
  return loadPart<T>(p, step, count);
}

/** out[i] = c[i] ≠ 0 ? a[i] : b[i]; NaN is not 0. */
export function where<T extends number>(
  n: i32,
  c: usize,
  c_s: i32,
  a: usize,
  a_s: i32,
  b: usize,
  b_s: i32,
  out: usize,
  out_s: i32,
): void {
  assert(n >= 0 && out >= __heap_base);
  for (let i = 0; i < n; i += lanes<T>()) {
    const rest = n - i;
    const condition = load<T>(at<T>(c, i * c_s), bytes<T>(c_s), rest);
    const x = load<T>(at<T>(a, i * a_s), bytes<T>(a_s), rest);
    const y = load<T>(at<T>(b, i * b_s), bytes<T>(b_s), rest);
    const chosen = v128.bitselect(x, y, v128.ne<T>(condition, splat<T>(0)));
    storePart<T>(at<T>(out, i * out_s), chosen, bytes<T>(out_s), rest);
  }
}
