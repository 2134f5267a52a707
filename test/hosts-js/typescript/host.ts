/** Programs in TypeScript, as strict as can be, the package's declarations included; what they compile to runs in Node. */
import type { Host } from "../../../scripts/hosts/host.ts";
import { answerIn } from "../../../scripts/hosts/stage.ts";

const host = (compiler: string, resolution: "bundler" | "node16"): Host => ({
  name: `TypeScript ${compiler}, ${resolution}`,
  how: `\`"moduleResolution": "${resolution}"\``,
  execution: "worker",
  // The oldest and the newest say most.
  ...(compiler === "5.9" && { slow: true }),
  async run({ path, run, version }) {
    const tsc = `${path}/node_modules/typescript${compiler}/bin/tsc`;
    await run("node", tsc, "-p", `tsconfig.${resolution}.json`);
    const answer = answerIn(await run("node", `out-${resolution}/main.js`));
    return { version: `${version(`typescript${compiler}`)}, Node ${process.version}`, answer };
  },
});

export const hosts = ["5.7", "5.9", "7.0"].flatMap((compiler) => [
  host(compiler, "bundler"),
  host(compiler, "node16"),
]);
