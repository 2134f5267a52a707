/** Next.js: the program in a server component, at each request, and in a client component of the same page. */
import type { Answer, Host } from "../../../scripts/hosts/host.ts";
import { freePort, open } from "../../../scripts/hosts/page.ts";
import { type Stage, weigh } from "../../../scripts/hosts/stage.ts";

/** Opens the page and reads the answer in the element that `selector` finds. */
async function visit({ serve }: Stage, selector: string): Promise<{ answer: Answer; version: string }> {
  const port = await freePort();
  const server = await serve(/Ready in/, "npm", "run", "start", "--", "-H", "127.0.0.1", "-p", `${port}`);
  try {
    return await open(`http://127.0.0.1:${port}/`, { selector });
  } finally {
    await server.close();
  }
}

export const hosts: Host[] = [
  {
    name: "Next.js, server",
    how: "`import` in a server component",
    // Turbopack's URLs are none that Node's workers take.
    execution: "slices",
    async run(stage) {
      await stage.run("npm", "run", "build");
      const { answer } = await visit(stage, "#server");
      return { version: `next ${stage.version("next")}, Node ${process.version}`, answer };
    },
  },
  {
    name: "Next.js, page",
    how: "`import` in a client component",
    execution: "worker",
    async run(stage) {
      await stage.run("npm", "run", "build");
      const { answer, version } = await visit(stage, "#answer");
      const bundle = weigh(`${stage.path}/.next/static`);
      return { version: `next ${stage.version("next")}, ${version}`, answer, bundle };
    },
  },
  {
    name: "Next.js, server, external",
    how: "`import`, `serverExternalPackages`",
    execution: "worker",
    slow: true,
    async run(stage) {
      await stage.run("cp", "external.config.mjs", "next.config.mjs");
      await stage.run("npm", "run", "build");
      const { answer } = await visit(stage, "#server");
      return { version: `next ${stage.version("next")}, Node ${process.version}`, answer };
    },
  },
];
