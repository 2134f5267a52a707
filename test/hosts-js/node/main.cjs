const { matmul } = require("fourlane");
const { program } = require("./program.mjs");

if (typeof matmul !== "function") throw new Error("require found no matmul");
program().then((answer) => console.log(JSON.stringify(answer)));
