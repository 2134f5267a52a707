/** What every host has to answer, and whether it did. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Answer, Host } from "./host.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The program's answer when it runs on the source, not on the package. */
export async function expectedAnswer(): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "fourlane-"));
  try {
    const outfile = join(folder, "program.mjs");
    await build({
      entryPoints: [path("test/hosts-js/program.mjs")],
      alias: { fourlane: path("src/index.ts") },
      bundle: true,
      format: "esm",
      outfile,
    });
    return await (await import(pathToFileURL(outfile).href)).program();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with an answer, or `undefined`. */
export function fault(answer: Answer, expected: Answer, { execution }: Host): string | undefined {
  const compared = ["build", "product", "prediction", "weights"] as const;
  for (const key of compared) {
    const [found, wanted] = [answer, expected].map((from) => JSON.stringify(from[key]));
    if (found !== wanted) return `${key} ${key === "weights" ? "are" : "is"} ${found}; expected ${wanted}`;
  }
  const { mode, reason } = answer.execution;
  return mode === execution ? undefined : `fitAsync ran in ${mode}: ${reason}; expected ${execution}`;
}
