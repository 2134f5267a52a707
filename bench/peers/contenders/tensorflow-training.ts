/** Training with TensorFlow.js operations: the gradients written out, which is faster than its automatic ones. */
import * as tf from "@tensorflow/tfjs-core";
import type { Runnable } from "../../contenders/contender.ts";
import { CHECKED_ITERATIONS, LEARNING_RATE, logisticInputs, twoLayerInputs } from "../../inputs.ts";
import type { WorkOf } from "../../work.ts";

/** Mean cross-entropy from logits. */
function loss(z: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const rest = tf.log(tf.add(tf.exp(tf.neg(tf.abs(z))), 1));
  return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), rest));
}

/** Takes new parameters and the cost from one iteration, whose other tensors are disposed of. */
function training(data: tf.Tensor[], start: tf.Tensor[], step: (parameters: tf.Tensor[]) => tf.Tensor[]): Runnable {
  let parameters = start;
  const iterate = (): number => {
    const [cost, ...next] = tf.tidy(() => step(parameters));
    tf.dispose(parameters);
    parameters = next;
    const value = cost!.dataSync()[0]!;
    cost!.dispose();
    return value;
  };
  return {
    run: iterate,
    answer: () => {
      const costs = Array.from({ length: CHECKED_ITERATIONS }, iterate);
      return [...costs, ...parameters.flatMap((parameter) => [...parameter.dataSync()])];
    },
    release: () => tf.dispose([...data, ...parameters]),
  };
}

function down(parameter: tf.Tensor, gradient: tf.Tensor, m: number): tf.Tensor {
  return tf.sub(parameter, tf.mul(gradient, LEARNING_RATE / m));
}

/** Logistic regression. */
export function logistic(work: WorkOf<"logistic">): Runnable {
  const { n_x, m, samplesIn } = work;
  const inputs = logisticInputs(work);
  const inRows = samplesIn === "rows";
  const X = tf.tensor2d(inputs.X as Float32Array, inRows ? [m, n_x] : [n_x, m]);
  const Y = tf.tensor2d(inputs.Y as Float32Array, [1, m]);
  return training([X, Y], [tf.zeros([n_x, 1]), tf.zeros([1, 1])], ([w, b]) => {
    const z = tf.add(tf.matMul(w as tf.Tensor2D, X, true, inRows), b!);
    const cost = loss(z, Y);
    const d = tf.sub(tf.sigmoid(z), Y) as tf.Tensor2D;
    return [cost, down(w!, tf.matMul(X, d, inRows, true), m), down(b!, tf.sum(d), m)];
  });
}

/** The two-layer network. */
export function twoLayer(work: WorkOf<"two-layer">): Runnable {
  const { n_x, n_1, m } = work;
  const inputs = twoLayerInputs(work);
  const X = tf.tensor2d(inputs.X as Float32Array, [n_x, m]);
  const Y = tf.tensor2d(inputs.Y as Float32Array, [1, m]);
  const start = [
    tf.tensor2d(inputs.W1 as Float32Array, [n_1, n_x]),
    tf.zeros([n_1, 1]),
    tf.tensor2d(inputs.W2 as Float32Array, [1, n_1]),
    tf.zeros([1, 1]),
  ];
  return training([X, Y], start, ([W1, b1, W2, b2]) => {
    const A1 = tf.tanh(tf.add(tf.matMul(W1 as tf.Tensor2D, X), b1!)) as tf.Tensor2D;
    const z = tf.add(tf.matMul(W2 as tf.Tensor2D, A1), b2!);
    const cost = loss(z, Y);
    const d = tf.sub(tf.sigmoid(z), Y) as tf.Tensor2D;
    const slope = tf.sub(1, tf.square(A1));
    const D = tf.mul(tf.mul(tf.transpose(W2!), d), slope) as tf.Tensor2D;
    return [
      cost,
      down(W1!, tf.matMul(D, X, false, true), m),
      down(b1!, tf.sum(D, 1, true), m),
      down(W2!, tf.matMul(d, A1, false, true), m),
      down(b2!, tf.sum(d), m),
    ];
  });
}
