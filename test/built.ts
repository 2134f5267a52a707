/** The package's files as `npm run build` makes them, for tests that load them like its users. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { type Bundle, bundled } from "../scripts/bundle.ts";

const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*/;

/** Where a .wasm file is imported, a module that hands over `globalThis.compiled`. */
const WASM = /\.wasm(\?module)?"/;

/** A folder with these files, removed by the function that comes with it. */
export async function built(...names: Bundle[]): Promise<[folder: string, remove: () => Promise<void>]> {
  const folder = await mkdtemp(join(tmpdir(), "fourlane-"));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  await write("package.json", '{ "type": "module", "sideEffects": false }');
  await write("kernel.simd.wasm.js", "export default globalThis.compiled;");
  for (const name of new Set(names)) {
    await write(name, (await bundled(name)).replace(SOURCE_MAP, "").replace(WASM, '.wasm.js"'));
  }
  return [folder, () => rm(folder, { recursive: true })];
}

/** Modules among these files, which are loaded anew; the folder goes at the end of the test. */
export async function loaded<M extends object[]>(...names: { [K in keyof M]: Bundle }): Promise<M> {
  const [folder, remove] = await built(...names, "load.js", "async.js");
  onTestFinished(remove);
  const modules: object[] = [];
  for (const name of names) modules.push(await import(pathToFileURL(join(folder, name)).href));
  return modules as M;
}
