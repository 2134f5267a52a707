import { program } from "./program.mjs";

console.log(JSON.stringify(await program()));
