/** The script of a worker: the coordinator of a team, or one of its helpers. */
import { instanceOf } from "../kernel.ts";
import { Memory } from "../memory.ts";
import type { Runtime } from "../runtime.ts";
import { Answer, Control } from "./control.ts";
import { partsOf } from "./parts.ts";
import { parent } from "./port.ts";
import type { Order } from "./protocol.ts";
import { type Desk, Mailbox, open, type Session } from "./session.ts";

const { post, listen } = parent();

/**
 * Bytes of shared memory that stay free below the arrays: three pages. Else the first arrays of a job would lie where the caller's
 * first ones, which they are copied from, lie in its memory. Where engines put the two memories exactly 10 GiB apart, in a fifth of
 * all processes, copying then takes twice as long: AMD's first-level cache most likely takes such addresses for the same.
 */
const APART = 3 * 4096;

let runtime: Runtime | undefined;
let control: Control | undefined;
let place = 0;
let mailbox: Mailbox | undefined;
let session: Session | undefined;

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case "start": {
      const { code, build, memory, index } = order;
      const kernel = await instanceOf(code, build, "a worker's", memory);
      runtime = { kernel, memory: new Memory(kernel) };
      if (memory) runtime.memory.allocate(APART, "start");
      control = order.control && new Control(order.control);
      place = index;
      post({ type: "ready" });
      break;
    }
    case "job": {
      mailbox = control ? undefined : new Mailbox();
      const desk: Desk = { runtime: runtime!, control, ear: control ?? mailbox!, post };
      session = open(order.job, desk);
      const { buffer } = runtime!.kernel as { buffer: ArrayBufferLike };
      post({
        type: "room",
        offsets: session.arrays.map((array) => array.pointer),
        buffer: control ? (buffer as SharedArrayBuffer) : undefined,
      });
      break;
    }
    case "values":
      session!.arrays[order.index]!.data.set(order.values, order.start);
      break;
    case "go":
      await session!.run();
      close();
      break;
    case "answer":
      mailbox?.answer(order.goOn ? Answer.goOn : Answer.stop);
      break;
    case "stop":
      mailbox?.abort();
      break;
    case "help":
      control!.help(partsOf(order.job, runtime!.kernel, control!, place));
      post({ type: "idle" });
  }
}

/** Ends the job, for the helpers too. */
function close(): void {
  session?.release();
  session = undefined;
  control?.end();
  post({ type: "idle" });
}

listen((order) => {
  obey(order).catch((error: unknown) => {
    post({ type: "failed", error });
    // A helper's failure is the end of its team.
    if (place === 0) close();
  });
});
