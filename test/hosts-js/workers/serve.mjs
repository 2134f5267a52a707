/** Runs the bundled worker in workerd, asks it once, and prints what it answers: `node serve.mjs main`. */
import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  rootPath: "out",
  scriptPath: `${process.argv[2]}.js`,
  modules: true,
  modulesRules: [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
  compatibilityDate: "2026-07-01",
  cf: false,
});
try {
  const response = await miniflare.dispatchFetch("http://localhost/");
  const text = await response.text();
  if (!response.ok) throw new Error(text.split("\n")[0]);
  console.log(text);
} finally {
  await miniflare.dispose();
}
