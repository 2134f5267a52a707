/** What a program pays for that uses a part of the package: bundled by two bundlers from where it is installed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { afterAll, describe, expect, test } from "vitest";
import { pack } from "./tarball.ts";

const tarball = pack();
afterAll(() => tarball.remove());

/** Bundlers: the texts of a program's minified modules, of which some may be loaded later. */
const bundlers: Record<string, (program: string) => Promise<string[]>> = {
  async esbuild(program) {
    const { outputFiles, metafile } = await build({
      stdin: { contents: program, resolveDir: tarball.project },
      bundle: true,
      splitting: true,
      minify: true,
      format: "esm",
      external: ["node:*"],
      outdir: "bundled",
      write: false,
      metafile: true,
      logLevel: "error",
    });
    // It also writes modules whose import it has dropped.
    const imported = new Set(
      Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
    );
    const paths = Object.keys(metafile.outputs);
    const needed = outputFiles.filter(
      (_, i) => metafile.outputs[paths[i]!]!.entryPoint === "<stdin>" || imported.has(paths[i]!),
    );
    return needed.map(({ text }) => text);
  },
  async rolldown(program) {
    const input = join(tarball.project, "program.js");
    writeFileSync(input, program);
    const bundle = await rolldown({ input, external: /^node:/ });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    return output.flatMap((file) => (file.type === "chunk" ? [file.code] : []));
  },
};

/** Programs, and how many gzipped bytes they take less, at least, than all of `fourlane`. */
const programs: [string, number][] = [
  ['export { matmul } from "fourlane";', 15_000],
  ['export { array, matmul } from "fourlane";', 15_000],
  ['export { LogisticRegression } from "fourlane";', 3000],
  ['import "fourlane";', 40_000],
];

describe.each(Object.entries(bundlers))("bundled by %s", (_, bundle) => {
  const weigh = async (program: string): Promise<number> =>
    (await bundle(program)).reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

  test.each(programs)("%s costs less than the whole", async (program, less) => {
    const whole = await weigh('export * from "fourlane";');
    const part = await weigh(program);
    expect(whole - part).toBeGreaterThan(less);
  });
});
