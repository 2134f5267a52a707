/** Bun, built for processors without AVX2 as well. */
import { existsSync } from "node:fs";
import { type Host, NotAvailable } from "../../../scripts/hosts/host.ts";
import { answerIn } from "../../../scripts/hosts/stage.ts";

const host = (how: "import" | "require", script: string): Host => ({
  name: `Bun, ${how}`,
  how: `\`${how}\``,
  execution: "worker",
  async run({ path, run }) {
    const bun = `${path}/node_modules/@oven/bun-linux-x64-baseline/bin/bun`;
    if (!existsSync(bun)) throw new NotAvailable("its package here is that for Linux on x64");
    return { version: (await run(bun, "--version")).trim(), answer: answerIn(await run(bun, script)) };
  },
});

export const hosts = [host("import", "main.mjs"), host("require", "main.cjs")];
