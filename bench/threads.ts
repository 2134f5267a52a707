/**
 * fourlane on one thread against fourlane on two: `npm run bench:threads`, once on this Node and once on Node 24. Takes
 * the flags of `npm run bench`. `-- --json bench/results/` records threads-node20.json and threads-node24.json there.
 */
import { main } from "./harness/command.ts";
import { nodes } from "./harness/nodes.ts";
import { ofThreads } from "./row.ts";

for (const node of nodes()) await main({ node, all: true, wants: ofThreads, prefix: "threads-" });
