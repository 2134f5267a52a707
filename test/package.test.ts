/** The file that an import of the package loads, as `npm run build` makes it. */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { bundled } from "../scripts/bundle.ts";

const file = await bundled("index.js");

/** Gzipped bytes of a program that uses the package, without what it does not use. */
async function shaken(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    plugins: [
      {
        name: "the built package",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^fourlane$/ }, () => ({ path: "fourlane", namespace: "built", sideEffects: false }));
          onLoad({ filter: /./, namespace: "built" }, () => ({ contents: file }));
        },
      },
    ],
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

test("takes less than 40 KB gzipped", () => {
  expect(gzipSync(file, { level: 9 }).length).toBeLessThan(40_000);
});

test("leaves out what a program does not use", async () => {
  const whole = await shaken('export * from "fourlane";');
  const product = await shaken('export { array, matmul } from "fourlane";');
  const model = await shaken('export { LogisticRegression } from "fourlane";');
  expect(whole - product).toBeGreaterThan(6000);
  expect(whole - model).toBeGreaterThan(3000);
});

test("names its classes as its users do", async () => {
  const found: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(file)}`);
  const classes = Object.entries(found).filter(([, value]) => /^class\b/.test(String(value)));
  expect(classes.map(([name]) => name).sort()).toEqual([
    "LogisticRegression",
    "NDArray",
    "Random",
    "StandardScaler",
    "TwoLayerNetwork",
  ]);
  for (const [name, value] of classes) {
    const { prototype } = value as { prototype: object };
    expect(prototype.constructor.name).toBe(name);
  }
});
