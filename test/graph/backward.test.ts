/** Back-propagation through graphs: shared nodes, seeds, long chains, what it leaves behind. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  checkGradients,
  crossEntropy,
  div,
  exp,
  matmul,
  mean,
  mul,
  type Operand,
  sigmoid,
  square,
  sub,
  sum,
  tanh,
  Variable,
  variable,
} from "../../src/graph.ts";
import { array, info, scope } from "../../src/index.ts";
import { expectRejected, quietUsage, usage } from "../usage.ts";
import { flat } from "./cases.ts";

test("J = 3(a + bc) of the course: every intermediate and every derivative", () => {
  const [a, b, c] = [variable(5), variable(3), variable(2)];
  const u = mul(b, c);
  const v = add(a, u);
  const J = mul(3, v);
  expect([u, v, J].map((node) => node.item())).toEqual([6, 11, 33]);
  J.backward();
  expect([J, v, u, a, b, c].map(({ grad }) => grad!.item())).toEqual([1, 3, 3, 3, 6, 9]);
});

describe("gradients", () => {
  test("of a shared node are the sum over its uses", () => {
    const x = variable(3);
    const y = mul(x, x);
    add(mul(y, y), add(y, mul(x, 2))).backward(); // x⁴ + x² + 2x
    expect(x.grad!.item()).toBe(4 * 27 + 6 + 2);
    expect(y.grad!.item()).toBe(2 * 9 + 1);
  });

  test("wait for every use, however long the way to it", () => {
    const x = variable(2);
    const near = mul(x, 1);
    let far = near;
    for (let i = 0; i < 10; i++) far = add(far, 0);
    mul(near, far).backward();
    expect(x.grad!.item()).toBe(4);
  });

  test("begin with the seed: row i of the Jacobian, or whatever a cost beyond wants", () => {
    const x = variable([1, 2, 3]);
    const y = (): Variable => mul(x, [10, 20, 30]);
    y().backward([0, 1, 0]);
    expect(flat(x.grad)).toEqual([0, 20, 0]);
    y().backward(array(Float64Array.of(1, 2, -1)));
    expect([x.grad!.dtype, flat(x.grad)]).toEqual(["f32", [10, 40, -30]]);
    const z = variable(2);
    mul(z, 3).backward(5);
    expect(z.grad!.item()).toBe(15);
  });

  test("are not computed for constants", () => {
    const x = variable(2);
    const refuse = (): never => {
      throw new Error("asked for the gradient of a constant");
    };
    const { inputs } = mul(x, 5);
    new Variable(array(10).reshape([]), "mul", inputs, [(g) => g, refuse]).backward();
    expect(x.grad!.item()).toBe(1);
  });

  test("replace those of an earlier backward", () => {
    const x = variable(3);
    mul(x, 2).backward();
    mul(x, 5).backward();
    expect(x.grad!.item()).toBe(5);
  });

  test("are undefined before backward, and for what the result does not depend on", () => {
    const [x, y] = [variable(1), variable(2)];
    const unused = mul(x, y);
    mul(x, 2).backward();
    expect([x.grad?.item(), y.grad, unused.grad]).toEqual([2, undefined, undefined]);
  });

  test("of a variable itself are 1", () => {
    const x = variable([[4]]);
    x.backward();
    x.backward();
    expect(x.grad!.toArray()).toEqual([[1]]);
  });

  test("of variables are arrays of their own: changing or freeing one leaves the others", () => {
    const [a, b] = [variable([[1, 2]]), variable([[3, 4]])];
    const seed = array([[1], [1]]);
    const y = add(a, b).T;
    y.backward(seed);
    a.grad!.data.fill(9);
    expect([flat(b.grad), flat(y.grad), flat(seed)]).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect([a.grad!.contiguous, b.grad!.contiguous]).toEqual([true, true]);
    for (const { grad } of [a, b]) grad!.free();
    seed.free();
  });

  test("of intermediates that share an array are not added to one another", () => {
    const x = variable(1);
    const [p, q] = [add(x, 0), add(x, 0)];
    const both = add(p, q);
    add(both, mul(p, 10)).backward();
    expect([both, p, q, x].map(({ grad }) => grad!.item())).toEqual([1, 11, 1, 12]);
  });

  test("of empty arrays are empty", () => {
    const x = variable(array({ data: new Float64Array(0), shape: [0, 3] }));
    sum(mul(x, [[1, 2, 3]])).backward();
    expect(x.grad!.shape).toEqual([0, 3]);
    const row = variable([[1, 2, 3]], { dtype: "f64" });
    sum(mul(x, row)).backward();
    expect(row.grad!.toArray()).toEqual([[0, 0, 0]]);
  });
});

describe("of two backwards", () => {
  const parts = (): [x: Variable, y: Variable] => {
    const x = variable(3);
    return [x, mul(x, x)];
  };

  test("the second is refused over the same graph or part of it, and changes nothing", () => {
    const [x, y] = parts();
    const other = mul(variable(2), y);
    const J = mul(2, y);
    J.backward();
    const grad = x.grad;
    for (const again of [J, y, other]) expect(() => again.backward()).toThrow(/had its backward before/);
    expect(x.grad).toBe(grad);
    expect(other.inputs[0]!.grad).toBeUndefined();
  });

  test("both are right where they share variables alone, or what depends on none", () => {
    const x = variable(3);
    const constants = mul(array([2]), 5);
    sum(mul(x, constants)).backward();
    sum(mul(constants, x)).backward();
    expect(x.grad!.item()).toBe(10);
  });

  test("one of the sum gives the gradients of both", () => {
    const [x, y] = parts();
    add(mul(2, y), exp(mul(0, y))).backward();
    expect(x.grad!.item()).toBe(12);
  });
});

test("what fails leaves no gradient anywhere and no array behind", () => {
  const x = variable([1, 2]);
  const y = mul(x, x);
  const before = usage();
  expect(() => y.backward([1, 2, 3])).toThrow(/seed is \(3\)/);
  expect([x.grad, y.grad, usage()]).toEqual([undefined, undefined, before]);
  y.backward([1, 1]);
  expect(flat(x.grad)).toEqual([2, 4]);
});

describe("a graph of 100,000 nodes", () => {
  const long = 100_000;

  test.each<[string, number, (x: Variable, y: Variable) => Variable, number, number]>([
    ["in a chain", long, (x) => add(x, 1), long + 1, 1],
    ["of which each second is used twice", long / 2, (x) => mul(0.5, add(x, x)), 1, 1],
    ["that all use one variable", long, (x, y) => add(x, y), long + 1, long + 1],
  ])("%s does not overflow the stack", (_, steps, step, value, gradient) => {
    scope(() => {
      const x = variable(1, { dtype: "f64" });
      let y = x;
      for (let i = 0; i < steps; i++) y = step(y, x);
      y.backward();
      expect([y.item(), x.grad!.item()]).toEqual([value, gradient]);
    });
  });
});

describe("memory", () => {
  const X = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const W = variable([[0.1, -0.2]]);
  const cost = (): Variable => mean(square(sub(tanh(matmul(W, X)), [[1, 0, 1]])));

  test("ten thousand steps in a scope take as much as one, at every moment", () => {
    const step = (): void => {
      scope(() => {
        const J = cost();
        J.backward();
        W.descend(0.01);
      });
    };
    step();
    const before = usage();
    const { total } = info().memory;
    for (let i = 0; i < 10_000; i++) step();
    expect(usage()).toEqual(before);
    expect(info().memory.total).toBe(total);
    expect(flat(W.value).every(Number.isFinite)).toBe(true);
  });

  test("an operation leaves its result and what became of its constants", () => {
    const before = usage();
    const J = crossEntropy(W, [[1, 0]]);
    expect(usage().arrays).toBe(before.arrays + 2);
    for (const { value } of [J, J.inputs[1]!]) value.free();
  });

  test("an operation that fails leaves nothing", () => {
    expectRejected(() => add(W, [1, 2, 3]));
    expectRejected(() => crossEntropy(W, [1, 0]));
  });

  test("backward leaves gradients and nothing else", () => {
    scope(() => {
      const J = cost();
      const before = usage();
      J.backward();
      const kept = new Set<unknown>();
      const visit = (node: Variable): void => {
        if (node.grad) kept.add(node.grad.storage);
        node.inputs.forEach(visit);
      };
      visit(J);
      expect(usage().arrays).toBe(before.arrays + kept.size);
    });
  });

  test("a graph that is dropped is collected", async () => {
    const before = await quietUsage();
    (() => {
      for (let i = 0; i < 100; i++) cost().backward();
      W.grad = undefined;
    })();
    expect(await quietUsage()).toEqual(before);
  });

  test("a scope that returns a variable keeps its value", () => {
    const before = usage();
    const J = scope(cost);
    expect(usage().arrays).toBe(before.arrays + 1);
    expect(J.item()).toBeGreaterThan(0);
    expect(() => J.backward()).toThrow("the result of square is a variable whose array (1, 3) was freed");
    J.value.free();
  });
});

describe("descend", () => {
  test("takes a step along the gradient in the variable's own array", () => {
    const w = array([1, 2]);
    const x = variable(w);
    sum(square(x)).backward();
    const before = usage();
    x.descend(0.25);
    expect([w.toArray(), usage()]).toEqual([[0.5, 1], before]);
  });
});

/** Something to build an expression of: a function of variables a, b, c of shapes that broadcast. */
type Expression = (leaves: readonly Variable[]) => Variable;

// None makes large numbers of small ones, whose digits a difference would lose.
const two: ((a: Operand, b: Operand) => Variable)[] = [
  add,
  sub,
  (a, b) => mul(a, tanh(b)),
  (a, b) => div(a, add(2, square(b))),
];
const one: ((a: Operand) => Variable)[] = [tanh, sigmoid, (a) => mul(0.5, a), (a) => exp(tanh(a))];
const kept = [0, 1].map((axis) => (a: Operand) => mean(add(a, [[0]]), { axis, keepDims: true }));

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.nat(3).map(
      (i): Expression =>
        (leaves) =>
          leaves[i]!,
    ),
    fc.tuple(fc.constantFrom(...one, ...kept), tie("expression")).map(
      ([f, a]): Expression =>
        (x) =>
          f(a(x)),
    ),
    fc.tuple(fc.constantFrom(...two), tie("expression"), tie("expression")).map(
      ([f, a, b]): Expression =>
        (x) =>
          f(a(x), b(x)),
    ),
  ),
}));

test("random expressions with broadcasting have the gradients that differences show", () => {
  const element = fc.integer({ min: -20, max: 20 }).map((i) => i / 10);
  const matrix = (m: number, n: number) =>
    fc.array(fc.array(element, { minLength: n, maxLength: n }), { minLength: m, maxLength: m });
  const leaves = fc.tuple(matrix(2, 3), matrix(1, 3), matrix(2, 1), element);
  fc.assert(
    fc.property(expression, leaves, (f, inputs) => {
      const { error } = checkGradients((...x) => mean(square(add(2, tanh(f(x))))), inputs);
      expect(error).toBeLessThan(1e-4);
    }),
    { numRuns: 300 },
  );
});
