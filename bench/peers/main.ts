/**
 * fourlane against what people use today: `npm run bench:peers`, once on this Node and once on Node 24, which some
 * of the peers need. Takes the flags of `npm run bench`. `-- --all --json bench/results/` records node20.json and
 * node24.json there, and `npm run bench:report` makes the report of them.
 */
import { main } from "../harness/command.ts";
import { nodes } from "../harness/nodes.ts";
import { ofThreads } from "../row.ts";

const more = [new URL("contenders/index.ts", import.meta.url).href];
for (const node of nodes()) await main({ node, more, wants: (row) => !ofThreads(row) });
