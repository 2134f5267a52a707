/** From `import` to the first product, each time in a fresh process, of the library as npm would install it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { Contender } from "./contender.ts";

const PACKAGE = new URL("../../dist/index.js", import.meta.url);

/** Times one script that prints milliseconds. */
export function fresh(script: string, cwd?: URL): number {
  const args = ["--input-type=module", "--eval", script];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8", ...(cwd && { cwd }) }).trim());
}

/** A script that measures itself from before its imports until `lines` have run. */
export function timed(lines: string): string {
  return `const start = performance.now();\n${lines}\nconsole.log(performance.now() - start);`;
}

/** The built package; the build that the host picks by itself. */
export const starts: Contender = {
  name: "fourlane",
  version: "dist",
  note: "the built package, the build that the host picks by itself; the process's own start is not counted",
  prepare(work) {
    if (work.kind !== "start") return undefined;
    if (!existsSync(PACKAGE)) throw new Error("dist/ is missing: npm run build makes it");
    const script = timed(
      `const { array, matmul } = await import(${JSON.stringify(PACKAGE.href)});
       const c = matmul(array([[1, 2], [3, 4]]), array([[5, 6], [7, 8]]));
       if (c.item(0, 0) !== 19) throw new Error("wrong");`,
    );
    return { turn: () => [fresh(script)], answer: () => [] };
  },
};
