/**
 * THE ABI. One page: contract, glossary, every export. No code.
 *
 * Contract
 *   - The module imports nothing, keeps no state, allocates nothing and never traps on valid pointers.
 *     It exports its memory and these functions; all memory from `__heap_base` on belongs to the caller. The twins for
 *     threads (src/shared-twin.ts makes them) are the same but for their memory: they import it as env.memory, shared.
 *   - Each name ends in _f32 or _f64, the type of the elements behind every pointer unless said otherwise.
 *   - Arguments: sizes, inputs with their strides, scalars, outputs with their strides, scratch.
 *     Counts and strides are i32 and in elements; pointers and scratch sizes are i32 and in bytes.
 *     A stride may be 0 in an input (broadcasting). Scalars are f64, whatever the dtype; they are rounded to
 *     it once.
 *   - The debug build asserts sizes and where outputs lie; the others trust the caller.
 *   - Any alignment works; 16 bytes is fastest. Sizes may be 0. Scratch may hold anything, NaN included;
 *     what is in it afterwards means nothing. Outputs must not overlap inputs, except where it says "in place".
 *
 * Glossary
 *   m, n, k     gemm: A is (m, k), B is (k, n), C is (m, n). Elsewhere m counts samples, n elements
 *   rs, cs      row and column stride of a matrix; s: stride of a vector
 *   n_x, n_1    features of a sample; hidden units; n_k: classes
 *   x           X (n_x, m), one sample a column; y: Y (1, m), labels 0 or 1, of softmax class numbers 0 … n_k − 1
 *   s           weights of the samples (1, m), >= 0; a pointer of 0 says that all are 1
 *   w, b        weights and bias; parameters: all of a model's in one array, laid out as in its file
 *   z, a        before the activation, after it; dname = ∂J/∂name, of the shape of name
 *
 * Functions (T is the dtype)
 *   gemm(m, n, k, a, a_rs, a_cs, b, b_rs, b_cs, alpha, beta, c, c_rs, c_cs, scratch)
 *       C = alpha·A·B + beta·C; beta = 0 never reads C. Scratch: gemm_scratch(m, n, k) bytes.
 *   add subtract multiply divide maximum minimum power, equal less less_equal
 *       (rows, cols, a, a_rs, a_cs, b, b_rs, b_cs, out, out_rs, out_cs)
 *       out = a op b; in place over a or b of the same strides. maximum and minimum are NaN where either is; power is
 *       C's pow; comparisons give 1 or 0. These and the next are fast along contiguous columns: with the rows contiguous
 *       swap rows and cols and all strides.
 *   where(n, c, c_s, a, a_s, b, b_s, out, out_s)
 *       out = c ≠ 0 ? a : b, NaN being no 0; in place over c, a or b of the same stride.
 *   negate absolute square_root exp log, sigmoid tanh relu leaky_relu and each one's _derivative
 *       (rows, cols, x, x_rs, x_cs, out, out_rs, out_cs)   out = f(x); in place with the same strides.
 *   copy(rows, cols, x, x_rs, x_cs, out, out_rs, out_cs)   out = x.
 *   take_columns(rows, count, index, x, x_rs, x_cs, out, out_rs, out_cs)
 *       out[:, j] = x[:, index[j]]; index: `count` u32.
 *   sum mean max min argmax(rows, cols, x, x_rs, x_cs, out, out_s)
 *       out[i] from x[i, :]. Of nothing: 0, NaN, −∞, ∞, −1. argmax writes f64 in both dtypes.
 *   dot(n, x, x_s, y, y_s) → f64
 *   find_non_finite(rows, cols, x, x_rs, x_cs) → i32 position i·cols + j of a NaN or infinity, or −1
 *   find_non_class(n, classes, y, y_s) → i32 position of the first value that is none of 0, 1 … classes − 1, or −1
 *   cross_entropy(n, z, z_s, y, y_s, s, s_s, dz, dz_s) → f64
 *       Σ s·loss(z, y); dz = s·(σ(z) − y), in place over z.
 *   logistic_gradient(n_x, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch) → f64
 *       gradient += Σ of the samples' gradients, each times its s; returns that Σ of their losses. Neither is divided
 *       by m. gradient may be 0: then only the losses are summed.
 *       parameters, gradient: n_x + 1. Scratch: logistic_scratch(n_x) bytes.
 *       Sums grow block by block, each of logistic_block(n_x) samples: calls that begin where a block does add the same.
 *   logistic_logits(n_x, m, x, x_rs, x_cs, parameters, z, z_s, scratch)   z = wᵀX + b
 *   two_layer_gradient(n_x, n_1, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, activation, gradient, scratch) → f64
 *       The same for the network. activation: 0 sigmoid, 1 tanh, 2 relu, 3 leaky_relu, 4 identity.
 *       parameters, gradient: n_1·(n_x + 2) + 1. Scratch: two_layer_scratch(n_x, n_1) bytes.
 *       Blocks are of two_layer_block(n_1) samples.
 *   two_layer_logits(n_x, n_1, m, x, x_rs, x_cs, parameters, activation, z, z_s, scratch)   z = Z2
 *   softmax_gradient(n_x, n_k, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch) → f64
 *       The same for softmax regression.
 *       parameters, gradient: n_k·(n_x + 1). Scratch: softmax_scratch(n_x, n_k) bytes. n_k >= 1.
 *       Blocks are of softmax_block(n_k) samples. Its logits are gemm's W·X, and b.
 *   gradient_step(n, n_w, rate, scale, decay, momentum, parameters, gradient, velocity)
 *       d = scale·g + decay·p for the first n_w, without decay for the rest; v = momentum·v + d; p −= rate·v; g = 0.
 *       velocity: n, 0 before the first step; a pointer of 0 for no momentum, v = d.
 *   adam_step(n, n_w, rate, scale, decay, beta1, beta2, epsilon, correction, parameters, gradient, moments)
 *       u = beta1·u + (1 − beta1)·d, v = beta2·v + (1 − beta2)·d²; p −= rate·u/(correction·√v + epsilon); g = 0.
 *       moments: [ u: n | v: n ], 0 before the first step. In step t of Adam rate = α/(1 − beta1^t),
 *       correction = 1/√(1 − beta2^t).
 *   uniform(n, low, high, seed, stream, out), normal(n, mean, deviation, seed, stream, out)
 *       Element i of a stream; seed and stream are i64.
 *   random_words(n, seed, stream, out), permutation(n, seed, stream, out)   u32, no dtype.
 */
export * from "./exports";
// @ts-expect-error The compiler's own global: asc exports it, tsc does not know how.
export { __heap_base };
