import { array, matmul } from "./node_modules/fourlane/dist/index.js";
import { show } from "./show.mjs";

document.title = matmul(array([[1, 2]]), array([[3], [4]])).item(0, 0); // 11
show();
