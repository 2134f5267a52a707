/** Uses the package as a page's own script does: what functions of a driver may do, a policy may treat differently. */
import { array, info, LogisticRegression, matmul } from "/dist/index.js";

const product = matmul(array([[1, 2]]), array([[3], [4]])).item(0, 0);
const X = array([[-2, -1, 1, 2]]);
const model = new LogisticRegression({ epochs: 100 });
const { cost } = model.fit(X, array([[0, 0, 1, 1]]));
globalThis.found = {
  product,
  falling: cost.at(-1) < cost[0],
  prediction: model.predict(X).toArray(),
  build: info().build,
};
