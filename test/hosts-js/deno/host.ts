/** Deno, with no permission that `import` would need, and without network. `require` has to read files. */
import { existsSync } from "node:fs";
import { type Host, NotAvailable } from "../../../scripts/hosts/host.ts";
import { answerIn } from "../../../scripts/hosts/stage.ts";

const host = (how: "import" | "require", script: string, ...permissions: string[]): Host => ({
  name: `Deno, ${how}`,
  how: `\`${how}\``,
  execution: "worker",
  async run({ path, run }) {
    // The package "deno" only looks for this one, in a script that runs when it is installed.
    const deno = `${path}/node_modules/@deno/linux-x64-glibc/deno`;
    if (!existsSync(deno)) throw new NotAvailable("its package here is that for Linux on x64 with glibc");
    const printed = await run(deno, "run", "--no-prompt", "--cached-only", "--deny-net", ...permissions, script);
    return { version: (await run(deno, "--version")).split(" ")[1]!, answer: answerIn(printed) };
  },
});

export const hosts = [host("import", "main.mjs"), host("require", "main.cjs", "--allow-read=.")];
