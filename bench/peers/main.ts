/**
 * fourlane against what people use today: `npm run bench:peers`, once on this Node and once on Node 24, which some
 * of the peers need. Takes the flags of `npm run bench`. `-- --all --json bench/results/` records node20.json and
 * node24.json there, and `npm run bench:report` makes the report of them.
 */
import { createRequire } from "node:module";
import { install } from "../../scripts/install.ts";
import { main } from "../harness/command.ts";
import type { Row } from "../row.ts";

install(new URL("./", import.meta.url));

/** The binary of the npm package node-<platform>-<processor>. */
function newerNode(): string | undefined {
  const { platform, arch } = process;
  const name = `node-${platform === "win32" ? "win" : platform}-${arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/node${platform === "win32" ? ".exe" : ""}`);
  } catch {
    return undefined;
  }
}

const more = [new URL("contenders/index.ts", import.meta.url).href];
/** Rows of threads are fourlane against itself: `npm run bench` has them. */
const skip = ({ group }: Row): boolean => group.startsWith("threads");
for (const node of new Set([process.execPath, newerNode() ?? process.execPath])) await main({ node, more, skip });
