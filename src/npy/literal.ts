/** The header of an .npy: a dictionary as Python writes it, of which only three keys and their values are allowed. */
import { malformedHeader, refusedDType, type Source, wrongKey } from "./errors.ts";

/** What a header says, not yet judged. */
export interface Literal {
  descr: string;
  fortran_order: boolean;
  shape: number[];
}

const SPACE = /[ \t\r\n\f]*/y;
// Python 2 wrote its long integers with an L.
const TOKEN = /([{}()[\],:])|'([^'\\\r\n]*)'|"([^"\\\r\n]*)"|(0|[1-9][0-9]*)L?(?!\w)|(True|False)(?!\w)|$/y;

/** Reads the text of a header, strictly and without evaluating anything. */
export function parseLiteral(source: Source, header: string): Literal {
  let at = 0;
  let match: RegExpExecArray;

  const fail = (expected: string): never => malformedHeader(source, header, at, expected);

  /** The next token; `at` is where it starts. */
  const next = (expected: string): RegExpExecArray => {
    SPACE.lastIndex = TOKEN.lastIndex;
    SPACE.exec(header);
    at = TOKEN.lastIndex = SPACE.lastIndex;
    const found = TOKEN.exec(header);
    if (!found) return fail(expected);
    match = found;
    return found;
  };
  const expectMark = (mark: string): void => {
    if (next(`"${mark}"`)[1] !== mark) fail(`"${mark}"`);
  };
  const textOf = (token: RegExpExecArray): string | undefined => token[2] ?? token[3];

  const readDescr = (): string => {
    const token = next("a dtype in quotes");
    if (token[1] === "[") refusedDType(source, header.slice(at), "[");
    return textOf(token) ?? fail("a dtype in quotes");
  };
  const readFlag = (): boolean => {
    const word = next("True or False")[5] ?? fail("True or False");
    return word === "True";
  };
  const readShape = (): number[] => {
    const extents: number[] = [];
    expectMark("(");
    while (next("a whole number")[1] !== ")") {
      extents.push(Number(match[4] ?? fail("a whole number")));
      const mark = next('"," or ")"')[1];
      // (3) is a number in Python, (3,) a tuple.
      if (mark === ")" && extents.length > 1) break;
      if (mark !== ",") fail(extents.length > 1 ? '"," or ")"' : '","');
    }
    return extents;
  };

  const readers = { descr: readDescr, fortran_order: readFlag, shape: readShape };
  const found = new Map<string, unknown>();
  TOKEN.lastIndex = 0;
  expectMark("{");
  while (next("a key in quotes")[1] !== "}") {
    const key = textOf(match!) ?? fail("a key in quotes");
    if (!Object.hasOwn(readers, key)) wrongKey(source, "unknown", key);
    if (found.has(key)) wrongKey(source, "twice", key);
    expectMark(":");
    found.set(key, readers[key as keyof typeof readers]());
    const mark = next('"," or "}"')[1];
    if (mark === "}") break;
    if (mark !== ",") fail('"," or "}"');
  }
  if (next("the end")[0] !== "") fail("the end");
  for (const key of Object.keys(readers)) if (!found.has(key)) wrongKey(source, "no", key);
  return Object.fromEntries(found) as unknown as Literal;
}
