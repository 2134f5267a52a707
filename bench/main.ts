/**
 * fourlane against plain JavaScript: verify, then time. `npm run bench`, under a minute.
 *
 *     npm run bench -- [--all] [--filter TEXT] [--json FILE] [--rounds N] [--turn MILLISECONDS]
 */
import { main } from "./harness/command.ts";

await main();
