/**
 * Activation functions a = g(z), each with its derivative next to it.
 *
 * A derivative is known twice: `slope(a)` from the activation's own value, which is all that
 * back-propagation keeps, and the exported g′(z). At z = 0, where relu and leakyRelu have no
 * derivative, both say the left one: 0 and 0.01.
 */
import { Unary } from "./elementwise";
import { expOfMinusAbs, one, sigmoidFrom, tanh } from "./math";
import { splat } from "./vec";

/** An activation: `of(z)` = g(z), `slope(a)` = g′(z) given a = g(z). */
export abstract class Activation<T extends number> extends Unary<T> {
  abstract slope(a: v128): v128;
}

/** σ(z) = 1/(1 + e^−z), σ′ = a·(1 − a). */
export class Sigmoid<T extends number> extends Activation<T> {
  of(z: v128): v128 {
    return sigmoidFrom<T>(z, expOfMinusAbs<T>(z));
  }
  slope(a: v128): v128 {
    return v128.mul<T>(a, v128.sub<T>(one<T>(), a));
  }
}

/** σ′(z) = s·(1 − s) with s = σ(−|z|), precise in both tails: 1 − s lies in [½, 1], so nothing cancels. */
export class SigmoidDerivative<T extends number> extends Unary<T> {
  of(z: v128): v128 {
    const unit = one<T>();
    const e = expOfMinusAbs<T>(z);
    const s = v128.div<T>(e, v128.add<T>(unit, e));
    return v128.mul<T>(s, v128.sub<T>(unit, s));
  }
}

/** tanh z, tanh′ = 1 − a². */
export class Tanh<T extends number> extends Activation<T> {
  of(z: v128): v128 {
    return tanh<T>(z);
  }
  slope(a: v128): v128 {
    const unit = one<T>();
    return v128.mul<T>(v128.sub<T>(unit, a), v128.add<T>(unit, a));
  }
}

/** tanh′(z) = 4σ′(2z), precise in both tails where 1 − tanh² is not. */
export class TanhDerivative<T extends number> extends Unary<T> {
  of(z: v128): v128 {
    const s = changetype<SigmoidDerivative<T>>(0).of(v128.add<T>(z, z));
    return v128.mul<T>(splat<T>(4), s);
  }
}

/** max(0, z). */
export class Relu<T extends number> extends Activation<T> {
  of(z: v128): v128 {
    return v128.pmax<T>(z, splat<T>(0));
  }
  slope(a: v128): v128 {
    return v128.and(v128.gt<T>(a, splat<T>(0)), splat<T>(1));
  }
}

/** max(0.01·z, z). */
export class LeakyRelu<T extends number> extends Activation<T> {
  of(z: v128): v128 {
    return v128.pmax<T>(z, v128.mul<T>(z, splat<T>(0.01)));
  }
  slope(a: v128): v128 {
    return v128.bitselect(splat<T>(1), splat<T>(0.01), v128.gt<T>(a, splat<T>(0)));
  }
}

/** z itself: a linear hidden layer, which section 3.7 of the course shows to be useless. */
export class Identity<T extends number> extends Activation<T> {
  of(z: v128): v128 {
    return z;
  }
  slope(a: v128): v128 {
    return splat<T>(1);
  }
}

/** g′(z) of an activation whose slope's sign test gives the same answer for z as for a = g(z). */
export class ReluDerivative<T extends number> extends Unary<T> {
  of(z: v128): v128 {
    return changetype<Relu<T>>(0).slope(z);
  }
}

/** 1 where z > 0, else 0.01, at 0 too. */
export class LeakyReluDerivative<T extends number> extends Unary<T> {
  of(z: v128): v128 {
    return changetype<LeakyRelu<T>>(0).slope(z);
  }
}
