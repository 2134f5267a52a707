const { array, matmul } = require("fourlane");
const { program } = require("./program.mjs");

console.log(matmul(array([[1, 2]]), array([[3], [4]])).item(0, 0)); // 11
program().then((answer) => console.log(JSON.stringify(answer)));
