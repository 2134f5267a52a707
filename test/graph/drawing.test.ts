/** Graphs as Mermaid and as SVG: what stands on nodes, where they stand, and that every name can be drawn. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  crossEntropy,
  matmul,
  mul,
  neg,
  square,
  sub,
  sum,
  tanh,
  type Variable,
  variable,
} from "../../src/graph.ts";
import { array, scope } from "../../src/index.ts";
import { quietUsage, usage } from "../usage.ts";

/** J = 3(a + bc), the example of sections 2.7 and 2.8. */
function course(): Variable {
  const [a, b, c] = [variable(5, { name: "a" }), variable(3, { name: "b" }), variable(2, { name: "c" })];
  const u = mul(b, c).named("u");
  const v = add(a, u).named("v");
  return mul(3, v).named("J");
}

/** A network with parameters that are used late, so that edges pass columns. */
function network(): Variable {
  const X = variable([[1, 2, 3, 4, 5]], { name: "X" });
  const [W1, b1, W2] = [variable([[1], [2], [3]]), variable([[0], [0], [0]]), variable([[1, 2, 3]])];
  return crossEntropy(matmul(W2, tanh(add(matmul(W1, X), b1))), [[0, 1, 0, 1, 1]]).named("J");
}

function differentiated(J: Variable): Variable {
  J.backward();
  return J;
}

/** Text that a browser shows for what stands in XML. */
function shown(xml: string): string {
  return xml.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** The boxes of a picture with the lines in them. */
function boxesOf(svg: string): { x: number; y: number; width: number; height: number; lines: string[] }[] {
  const tags = svg.matchAll(/<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"|<text.*?>([^<]*)<\/text>/g);
  const boxes: ReturnType<typeof boxesOf> = [];
  for (const [, x, y, width, height, text] of tags) {
    if (text !== undefined) boxes.at(-1)!.lines.push(shown(text));
    else boxes.push({ x: Number(x), y: Number(y), width: Number(width), height: Number(height), lines: [] });
  }
  return boxes;
}

/** First and last point of each edge. */
function edgesOf(svg: string): { from: [number, number]; to: [number, number] }[] {
  const [lines, heads] = ['<g fill="none"', "<g fill="].map((start) => {
    const group = svg.slice(svg.indexOf(start, start === "<g fill=" ? svg.indexOf("</g>") : 0));
    const starts = group.slice(0, group.indexOf("</g>")).matchAll(/<path d="M([-\d.]+) ([-\d.]+)/g);
    return Array.from(starts, ([, x, y]): [number, number] => [Number(x), Number(y)]);
  });
  return lines!.map((from, i) => ({ from, to: heads![i]! }));
}

describe("the course's example", () => {
  test("in Mermaid shows operations and values", () => {
    expect(course().toMermaid()).toBe(`flowchart LR
  n0(["a = 5"])
  n1(["b = 3"])
  n2(["c = 2"])
  n3["u = b × c<br/>6"]
  n4["v = a + u<br/>11"]
  n5["J = 3 × v<br/>33"]
  n1 --> n3
  n2 --> n3
  n0 --> n4
  n3 --> n4
  n4 --> n5
`);
  });

  test("and after backward gradients", () => {
    const text = differentiated(course()).toMermaid();
    const found = text.matchAll(/n\d.*"(.*)"/g);
    expect(Array.from(found, ([, label]) => label!.split("<br/>").at(-1))).toEqual([
      "da = 3",
      "db = 6",
      "dc = 9",
      "du = 3",
      "dv = 3",
      "dJ = 1",
    ]);
  });

  test("in SVG shows the same, gradients in red", () => {
    const svg = differentiated(course()).toSVG();
    expect(boxesOf(svg).map(({ lines }) => lines)).toEqual([
      ["a = 5", "da = 3"],
      ["b = 3", "db = 6"],
      ["c = 2", "dc = 9"],
      ["u = b × c", "6", "du = 3"],
      ["v = a + u", "11", "dv = 3"],
      ["J = 3 × v", "33", "dJ = 1"],
    ]);
    const red = svg.matchAll(/<text[^>]*fill="#dc2626"[^>]*>([^<]*)</g);
    expect(Array.from(red, ([, text]) => text)).toEqual([
      "da = 3",
      "db = 6",
      "dc = 9",
      "du = 3",
      "dv = 3",
      "dJ = 1",
    ]);
  });

  test("is the same text each time", () => {
    expect(course().toSVG()).toBe(course().toSVG());
    expect(course().toMermaid()).toBe(course().toMermaid());
  });
});

describe("labels", () => {
  const rows: [what: string, make: () => Variable, lines: string[]][] = [
    ["a negative constant", () => sub(variable(1, { name: "x" }), -2), ["v1 = x − (−2)", "3"]],
    ["a constant array", () => add(variable(1, { name: "x" }), [1, 2]), ["v1 = x + c1", "(2) [2, 3]"]],
    [
      "the same input twice",
      () => mul(...(new Array(2).fill(variable(3)) as [Variable, Variable])),
      ["v1 = x1 × x1", "9"],
    ],
    [
      "another operation",
      () => crossEntropy(variable([0]), [1]).named("J"),
      ["J = crossEntropy(x1, c1)", "0.6931"],
    ],
    ["a transpose", () => variable([[1, 2]], { name: "W" }).T, ["v1 = Wᵀ", "(2, 1) [[1], [2]]"]],
    [
      "a large array",
      () =>
        neg(
          variable([
            [1, 2, Math.PI],
            [4, 5, 6],
          ]),
        ),
      ["v1 = −x1", "(2, 3) [−1, −2, −3.14, …]"],
    ],
    [
      "an empty array",
      () => square(variable(array({ data: new Float32Array(0), shape: [0, 2] }))),
      ["v1 = x1²", "(0, 2) []"],
    ],
    [
      "large and small numbers",
      () => mul(variable([1, 2 ** -30]), 2 ** 40),
      ["v1 = x1 × 1.1e12", "(2) [1.1e12, 1024]"],
    ],
    ["what is not finite", () => mul(variable([1, -1, 0]), Infinity), ["v1 = x1 × ∞", "(3) [∞, −∞, NaN]"]],
    ["a name that stands for others", () => add(variable(1), variable(2, { name: "x1" })), ["v1 = x2 + x1", "3"]],
    ["a variable alone", () => variable([7], { name: "x" }), ["x", "(1) [7]"]],
    ["a number alone", () => sum(5), ["v1 = sum(5)", "5"]],
  ];

  test.each(rows)("of %s", (_, make, lines) => {
    expect(boxesOf(make().toSVG()).at(-1)!.lines).toEqual(lines);
  });

  test("leave out gradients of an earlier cost", () => {
    const x = variable(2, { name: "x" });
    mul(x, 3).backward();
    expect(mul(x, 4).toMermaid()).not.toContain("dx");
  });

  test("leave out gradients that were freed", () => {
    const J = differentiated(course());
    J.inputs[1]!.inputs[0]!.grad!.free();
    expect(J.toMermaid()).not.toContain("da =");
  });

  test("take no memory", async () => {
    const J = differentiated(network());
    await quietUsage();
    const before = usage();
    scope(() => [J.toSVG(), J.toMermaid()]);
    expect(usage()).toEqual(before);
  });
});

describe.each<[string, () => Variable]>([
  ["the course's example", course],
  ["a network", network],
  ["one variable", () => variable(1)],
  [
    "a variable that each of many steps uses",
    () => {
      const x = variable(1);
      let y = x;
      for (let i = 0; i < 12; i++) y = add(tanh(y), x);
      return y;
    },
  ],
  ["many inputs", () => Array.from({ length: 20 }, (_, i) => variable(i)).reduce((a, b) => mul(a, b))],
])("the picture of %s", (_, make) => {
  const svg = make().toSVG();
  const boxes = boxesOf(svg);
  const edges = edgesOf(svg);

  test("lets no boxes touch, and none reach over the rim", () => {
    const [width, height] = /viewBox="0 0 (.*?) (.*?)"/.exec(svg)!.slice(1).map(Number);
    boxes.forEach((a, i) => {
      expect(a.x > 0 && a.y > 0 && a.x + a.width < width! && a.y + a.height < height!).toBe(true);
      for (const b of boxes.slice(i + 1)) {
        const apart = a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
        expect(apart, `${a.lines} and ${b.lines}`).toBe(true);
      }
    });
  });

  test("has an edge from the right side of each input to the left side of each use", () => {
    const inputs = new Map<string, number>();
    for (const [, from, to] of make()
      .toMermaid()
      .matchAll(/n(\d+) --> n(\d+)/g)) {
      inputs.set(`${from} ${to}`, (inputs.get(`${from} ${to}`) ?? 0) + 1);
    }
    const found = new Map<string, number>();
    for (const { from, to } of edges) {
      const inside = (b: (typeof boxes)[0], y: number): boolean => y > b.y && y < b.y + b.height;
      const source = boxes.findIndex((b) => Math.abs(b.x + b.width - from[0]) < 0.2 && inside(b, from[1]));
      const target = boxes.findIndex((b) => Math.abs(b.x - to[0]) < 0.2 && inside(b, to[1]));
      found.set(`${source} ${target}`, (found.get(`${source} ${target}`) ?? 0) + 1);
      expect(from[0]).toBeLessThan(to[0]);
    }
    expect(found).toEqual(inputs);
  });
});

describe("names of any characters", () => {
  const unit = fc.constantFrom(..."\"'`&<>#;%[](){}|\\/\n\t\0\ud800$−日ü~@:-1. x");
  const names = fc.string({ unit, maxLength: 12 });

  test("make Mermaid's text none the less, line by line, and stand in it whole", () => {
    fc.assert(
      fc.property(names, (name) => {
        const [head, variableLine, resultLine, edge, ...rest] = tanh(variable(1, { name })).toMermaid().split("\n");
        expect([head, edge, rest]).toEqual(["flowchart LR", "  n0 --> n1", [""]]);
        const text = /^ {2}n0\(\["((?:[^"#$%&<>`\\\n]|#\d+;)*) = 1"\]\)$/.exec(variableLine!);
        const read = text![1]!.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
        expect(read).toBe(name === "" ? "x1" : name.replace(/\s/g, " "));
        expect(resultLine).toMatch(/^ {2}n1\["v1 = tanh\((?:[^"#$%&<>`\\\n]|#\d+;)*\)<br\/>0.7616"\]$/);
      }),
    );
  });

  test("make XML none the less, and stand in it whole", () => {
    fc.assert(
      fc.property(names, (name) => {
        const svg = tanh(variable(1, { name })).named("J").toSVG();
        // Tags of this file alone: what a name brings is text.
        const tags = Array.from(svg.matchAll(/<(\/?)(\w+)((?: [\w-]+="[^"<>&]*(?:&#\d+;[^"<>&]*)*")*)(\/?)>/g));
        expect(svg.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]|&(?!#\d+;)/);
        expect(tags).toHaveLength(svg.match(/</g)!.length);
        const open: string[] = [];
        for (const [, closing, tag, , empty] of tags) {
          if (closing) expect(open.pop()).toBe(tag);
          else if (!empty) open.push(tag!);
        }
        expect(open).toEqual([]);
        const expected = name === "" ? "x1" : name.replace(/[\0\ud800]/g, "\ufffd");
        expect(boxesOf(svg)[0]!.lines[0]).toBe(`${expected} = 1`);
      }),
    );
  });
});

test("a graph of 100,000 nodes is drawn without overflowing the stack", () => {
  scope(() => {
    let x = variable(1);
    for (let i = 0; i < 100_000; i++) x = neg(x);
    expect(x.toMermaid().match(/-->/g)).toHaveLength(100_000);
    expect(x.toSVG().match(/<rect x/g)).toHaveLength(100_001);
  });
});

test("a graph whose edges pass very many columns is drawn with straight edges", () => {
  scope(() => {
    const leaves = Array.from({ length: 400 }, (_, i) => variable(i));
    const svg = leaves.reduce((a, b) => add(a, b)).toSVG();
    const drawn = Array.from(svg.matchAll(/<path d="(M[^"l]*)"/g), ([, path]) => path!);
    expect(drawn).toHaveLength(798);
    expect(drawn.filter((path) => path.match(/[CH]/g)!.length > 1)).toEqual([]);
  });
});
