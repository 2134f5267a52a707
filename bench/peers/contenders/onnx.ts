/** ONNX Runtime Web: one MatMul node, one thread. Each run copies both inputs into its memory and the result out. */
import * as ort from "onnxruntime-web";
import type { Contender } from "../../contenders/contender.ts";
import { gemmInputs } from "../../inputs.ts";

/** One field of a protocol buffer with bytes as its value. */
function field(number: number, value: readonly number[]): number[] {
  return [...varint((number << 3) | 2), ...varint(value.length), ...value];
}

function integer(number: number, value: number): number[] {
  return [...varint(number << 3), ...varint(value)];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function text(number: number, value: string): number[] {
  return field(number, [...new TextEncoder().encode(value)]);
}

/** A tensor's name, element type (1 is f32, 11 is f64) and shape, as ONNX writes them down. */
function value(name: string, type: number, shape: readonly number[]): number[] {
  const dimensions = shape.flatMap((size) => field(1, integer(1, size)));
  return [...text(1, name), ...field(2, field(1, [...integer(1, type), ...field(2, dimensions)]))];
}

/** A model with one node: C = A·B. */
function model(type: number, m: number, n: number, k: number): Uint8Array {
  const node = [...text(1, "a"), ...text(1, "b"), ...text(2, "c"), ...text(4, "MatMul")];
  const inputs = [...field(11, value("a", type, [m, k])), ...field(11, value("b", type, [k, n]))];
  const graph = [...field(1, node), ...text(2, "product"), ...inputs, ...field(12, value("c", type, [m, n]))];
  return Uint8Array.from([...integer(1, 8), ...field(7, graph), ...field(8, integer(2, 13))]);
}

/** Products only: the library runs models, and this is the smallest one. */
export function onnx(): Contender {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  return {
    name: "ONNX Runtime Web",
    version: ort.env.versions.web ?? ort.env.versions.common,
    note: "inputs copied in and the result copied out in each run, as its interface has it",
    async prepare(work) {
      if (work.kind !== "gemm" || work.transposed) return undefined;
      const { m, n, k, dtype } = work;
      const bytes = model(dtype === "f32" ? 1 : 11, m, n, k);
      const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
      const { a, b } = gemmInputs(work);
      const type = dtype === "f32" ? "float32" : "float64";
      const feeds = { a: new ort.Tensor(type, a, [m, k]), b: new ort.Tensor(type, b, [k, n]) };
      const run = () => session.run(feeds);
      return {
        run,
        async: true,
        answer: async () => (await run()).c!.data as Float32Array,
        release: () => void session.release(),
      };
    },
  };
}
