/** Versions of Node, from packages that hold nothing but its binary. */
import { existsSync } from "node:fs";
import { type Host, NotAvailable } from "../../../scripts/hosts/host.ts";
import { answerIn } from "../../../scripts/hosts/stage.ts";

const host = (major: number, how: "import" | "require", script: string): Host => ({
  name: `Node ${major}, ${how}`,
  how: `\`${how}\``,
  execution: "worker",
  async run({ path, run }) {
    const node = `${path}/node_modules/node${major}/bin/node`;
    if (!existsSync(node)) throw new NotAvailable("its package here is that for Linux on x64");
    return { version: (await run(node, "--version")).trim(), answer: answerIn(await run(node, script)) };
  },
});

export const hosts = [20, 22, 24, 26].flatMap((major) => [
  host(major, "import", "main.mjs"),
  host(major, "require", "main.cjs"),
]);
