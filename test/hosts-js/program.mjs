/**
 * The little program that every host runs: a product, two fits, a prediction, a longer fit in a worker, and the
 * SHA-256 of what was learnt, which is to be the same everywhere.
 */
import {
  add,
  array,
  configure,
  greater,
  info,
  LogisticRegression,
  matmul,
  Random,
  square,
  sum,
  TwoLayerNetwork,
} from "fourlane";

/** Points around the origin, and whether each lies outside a circle. */
function points(n, m, radius) {
  const X = new Random(1).normal([n, m]);
  const Y = greater(sum(square(X), { axis: 0, keepDims: true }), radius ** 2);
  return { X, Y };
}

/** SHA-256 of the bytes of arrays, one after the other, as hexadecimal digits. */
async function sha256(arrays) {
  const bytes = arrays.flatMap(({ data: { buffer, byteOffset, byteLength } }) => [
    ...new Uint8Array(buffer, byteOffset, byteLength),
  ]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Does it all, and returns what can be compared. */
export async function program() {
  configure({ reproducible: true });
  const product = add(matmul(array([[1, 2, 3]]), array([[4], [5], [6]])), 10).toArray();

  const { X, Y } = points(2, 1000, 1.2);
  const regression = new LogisticRegression({ learningRate: 0.3, epochs: 40, dtype: "f64" });
  regression.fit(square(X.astype("f64")), Y.astype("f64"));
  const network = new TwoLayerNetwork({ hidden: 20, learningRate: 1.5, epochs: 200, batchSize: 64, seed: 2 });
  network.fit(X, Y);
  const prediction = network.predict(
    array([
      [0, 2, -0.4, 1.5],
      [0, 0, 0.3, -1.5],
    ]),
  );

  // Large enough to be worth a worker.
  const wide = points(64, 4000, 8);
  const later = new TwoLayerNetwork({ hidden: 64, learningRate: 0.1, epochs: 600, batchSize: 500, seed: 3 });
  const { execution } = await later.fitAsync(wide.X, wide.Y, { threads: 1 });

  return {
    build: info().build,
    product,
    prediction: prediction.toArray(),
    weights: await sha256([
      regression.w,
      array([regression.b], { dtype: "f64" }),
      ...Object.values(network.parameters),
      ...Object.values(later.parameters),
    ]),
    execution,
  };
}
