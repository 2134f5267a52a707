import { init } from "fourlane";
import kernel from "fourlane/kernel.simd.wasm";
import { program } from "./program.mjs";

const ready = init(kernel);

export default {
  async fetch() {
    await ready;
    return Response.json(await program());
  },
};
