/** What the memory holds, and helpers that show whether something left it as it was. */
import { expect } from "vitest";
import { info } from "../src/index.ts";

/** Bytes and number of the arrays and models that live. */
export interface Usage {
  used: number;
  arrays: number;
}

/** What is in use now. */
export function usage(): Usage {
  const { used, arrays } = info().memory;
  return { used, arrays };
}

/** Errors of this package say who they come from; what slips through to JavaScript itself does not. */
function spoken(error: unknown): void {
  expect(String(error)).toMatch(/^(Type|Range)?Error: \w+(\.\w+)?: /);
}

/** Runs `act`, which must throw what `check` accepts and leave the memory as it was. */
export function expectRejected(act: () => unknown, check: (error: unknown) => void = spoken): void {
  const before = usage();
  let error: unknown;
  try {
    act();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, "nothing was thrown").toBeInstanceOf(Error);
  check(error);
  expect(usage()).toEqual(before);
}

const collect = globalThis.gc;

/**
 * What is in use once the garbage is gone. The collector reports in macrotasks, and not always after its
 * first run: quiet means that several runs in a row changed nothing.
 */
export async function quietUsage(): Promise<Usage> {
  if (!collect) throw new Error("run the tests with --expose-gc, as vitest.config.ts does");
  let last = usage();
  for (let same = 0, run = 0; same < 4 && run < 50; run++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const now = usage();
    same = now.used === last.used && now.arrays === last.arrays ? same + 1 : 0;
    last = now;
  }
  return last;
}
