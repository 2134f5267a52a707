/** Element-wise operations on arrays of any rank in any layout, against loops over plain numbers. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  div,
  equal,
  exp,
  greater,
  greaterEqual,
  leakyRelu,
  leakyReluDerivative,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  type NDArray,
  neg,
  notEqual,
  type OutOption,
  power,
  relu,
  reluDerivative,
  scope,
  sigmoid,
  sigmoidDerivative,
  sqrt,
  square,
  sub,
  tanh,
  tanhDerivative,
} from "../src/index.ts";
import { type Dtype, dtypes, expectUlp, rounded } from "./compare.ts";
import * as oracle from "./oracle.ts";
import { at, count, layouts, type Plain, place, placed, plainOf, read, shapes, written } from "./plain.ts";

const binaries = [
  ["add", add, oracle.binary.add!],
  ["sub", sub, oracle.binary.subtract!],
  ["mul", mul, oracle.binary.multiply!],
  ["div", div, oracle.binary.divide!],
  ["maximum", maximum, oracle.binary.maximum!],
  ["minimum", minimum, oracle.binary.minimum!],
  ["power", power, oracle.binary.power!],
  ["equal", equal, oracle.binary.equal!],
  ["notEqual", notEqual, { of: (a: number, b: number) => Number(a !== b), ulp: { f32: 0, f64: 0 } }],
  ["less", less, oracle.binary.less!],
  ["lessEqual", lessEqual, oracle.binary.less_equal!],
  ["greater", greater, { of: (a: number, b: number) => Number(a > b), ulp: { f32: 0, f64: 0 } }],
  ["greaterEqual", greaterEqual, { of: (a: number, b: number) => Number(a >= b), ulp: { f32: 0, f64: 0 } }],
] as const;

const unaries: [string, (a: NDArray, options?: OutOption) => NDArray, oracle.UnaryOperation][] = [
  ["neg", neg, oracle.unary.negate!],
  ["abs", abs, oracle.unary.absolute!],
  ["sqrt", sqrt, oracle.unary.square_root!],
  ["square", square, { of: (x) => x * x, ulp: { f32: 0, f64: 0 }, domain: oracle.unary.negate!.domain }],
  ["exp", exp, oracle.unary.exp!],
  ["log", log, oracle.unary.log!],
  ["sigmoid", sigmoid, oracle.unary.sigmoid!],
  ["sigmoidDerivative", sigmoidDerivative, oracle.unary.sigmoid_derivative!],
  ["tanh", tanh, oracle.unary.tanh!],
  ["tanhDerivative", tanhDerivative, oracle.unary.tanh_derivative!],
  ["relu", relu, oracle.unary.relu!],
  ["reluDerivative", reluDerivative, oracle.unary.relu_derivative!],
  ["leakyRelu", leakyRelu, oracle.unary.leaky_relu!],
  ["leakyReluDerivative", leakyReluDerivative, oracle.unary.leaky_relu_derivative!],
];

/** A shape with axes left out on the left and others narrowed to 1. */
function narrowed(shape: number[]): fc.Arbitrary<number[]> {
  return fc
    .tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([left, narrow]) => shape.map((extent, axis) => (narrow[axis] ? 1 : extent)).slice(left));
}

/** Two shapes that broadcast, and what to. */
const pairs = shapes
  .chain((shape) => fc.tuple(narrowed(shape), narrowed(shape)))
  .map(([a, b]) => {
    const ndim = Math.max(a.length, b.length);
    const result = Array.from({ length: ndim }, (_, axis) => {
      const x = a[axis - ndim + a.length] ?? 1;
      const y = b[axis - ndim + b.length] ?? 1;
      return x === 1 ? y : x;
    });
    return { a, b, result };
  });

/** Two plain arrays of shapes that broadcast, with layouts for them and for the result. */
const operands = (dtype: Dtype) =>
  pairs.chain(({ a, b, result }) =>
    fc.record({
      a: placed(a, dtype),
      b: placed(b, dtype),
      shape: fc.constant(result),
      out: layouts(result.length),
    }),
  );

/** The element that stands at an index of the result: axes are counted from the right, extents of 1 repeat. */
function repeated(plain: Plain, index: number[]): number {
  const own = index.slice(index.length - plain.shape.length);
  return at(
    plain,
    own.map((i, axis) => (plain.shape[axis] === 1 ? 0 : i)),
  );
}

const runs = { numRuns: 60 };

describe.each(dtypes)("in %s", (dtype) => {
  describe.each(binaries)("%s", (name, operation, { of, ulp }) => {
    const expectPlain = (a: NDArray, expected: Plain, label: string): void => {
      expect(a.shape).toEqual(expected.shape);
      expectUlp(dtype, read(a).values, expected.values, ulp[dtype], label);
    };
    const apply = (x: number, y: number): number => of(x, y);

    test("of any two shapes that broadcast, in any layout, is that of a loop", () => {
      fc.assert(
        fc.property(operands(dtype), ({ a, b, shape }) =>
          scope(() => {
            const result = operation(place(a.plain, dtype, a.layout), place(b.plain, dtype, b.layout));
            expect([result.dtype, result.contiguous]).toEqual([dtype, true]);
            const expected = plainOf(shape, (index) => apply(repeated(a.plain, index), repeated(b.plain, index)));
            expectPlain(result, expected, name);
          }),
        ),
        runs,
      );
    });

    test("into out fills it, returns it and touches nothing around it", () => {
      fc.assert(
        fc.property(operands(dtype), ({ a, b, shape, out: layout }) =>
          scope(() => {
            const out = place(
              plainOf(shape, () => NaN),
              dtype,
              layout,
            );
            const x = place(a.plain, dtype, a.layout);
            const y = place(b.plain, dtype, b.layout);
            expect(operation(x, y, { out })).toBe(out);
            const expected = plainOf(shape, (index) => apply(repeated(a.plain, index), repeated(b.plain, index)));
            expectPlain(out, expected, name);
            expect(written(out)).toBe(count(shape));
            expectPlain(x, a.plain, "a is left alone");
            expectPlain(y, b.plain, "b is left alone");
          }),
        ),
        runs,
      );
    });

    test("in place over a or b, or over both, is that of a loop", () => {
      const same = shapes.chain((shape) =>
        fc.record({ a: placed(shape, dtype), b: narrowed(shape).chain((narrow) => placed(narrow, dtype)) }),
      );
      fc.assert(
        fc.property(same, ({ a, b }) =>
          scope(() => {
            // a's shape is the result's only where b is no larger.
            const expected = (f: (x: number, y: number) => number): Plain =>
              plainOf(a.plain.shape, (index) => f(at(a.plain, index), repeated(b.plain, index)));
            const y = place(b.plain, dtype, b.layout);
            const first = place(a.plain, dtype, a.layout);
            expectPlain(operation(first, y, { out: first }), expected(apply), "over a");
            const second = place(a.plain, dtype, a.layout);
            const swapped = expected((p, q) => apply(q, p));
            expectPlain(operation(y, second, { out: second }), swapped, "over b");
            const both = place(a.plain, dtype, a.layout);
            expectPlain(
              operation(both, both, { out: both }),
              expected((p) => apply(p, p)),
              "over both",
            );
            expect([first, second, both].map(written)).toEqual(new Array(3).fill(count(a.plain.shape)));
          }),
        ),
        runs,
      );
    });

    test("takes a number on either side", () => {
      const one = shapes.chain((shape) => placed(shape, dtype));
      fc.assert(
        fc.property(one, fc.constantFrom(0, -0, 0.1, -3, 1e300, NaN, Infinity), ({ plain, layout }, c) =>
          scope(() => {
            const a = place(plain, dtype, layout);
            const number = rounded(dtype, c);
            expectPlain(
              operation(a, c),
              plainOf(plain.shape, (i) => apply(at(plain, i), number)),
              "a, c",
            );
            expectPlain(
              operation(c, a),
              plainOf(plain.shape, (i) => apply(number, at(plain, i))),
              "c, a",
            );
          }),
        ),
        runs,
      );
    });
  });

  describe.each(unaries)("%s", (name, operation, { of, ulp, domain }) => {
    const [low, high] = domain[dtype];
    const ordinary = fc.double({ min: Math.max(low, -50), max: Math.min(high, 50), noNaN: true });

    test("of any shape in any layout, new, into out and in place, is that of a loop", () => {
      const any = shapes.chain((shape) =>
        fc.record({
          a: placed(
            shape,
            dtype,
            ordinary.map((x) => rounded(dtype, x)),
          ),
          out: layouts(shape.length),
        }),
      );
      fc.assert(
        fc.property(any, ({ a: { plain, layout }, out }) =>
          scope(() => {
            const a = place(plain, dtype, layout);
            const other = place(
              plainOf(plain.shape, () => NaN),
              dtype,
              out,
            );
            const results = [operation(a), operation(a, { out: other }), operation(a, { out: a })];
            expect([results[1] === other, results[2] === a]).toEqual([true, true]);
            for (const result of results) {
              expect([result.shape, result.dtype]).toEqual([plain.shape, dtype]);
              expectUlp(dtype, read(result).values, plain.values.map(of), ulp[dtype], name);
            }
            expect([written(other), written(a)]).toEqual([count(plain.shape), count(plain.shape)]);
          }),
        ),
        runs,
      );
    });
  });
});
