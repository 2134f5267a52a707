import { program } from "./program.mjs";

export default {
  async fetch() {
    return Response.json(await program());
  },
};
