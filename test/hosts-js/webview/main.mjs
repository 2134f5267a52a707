import { configure, init, zeros } from "fourlane";
import { show } from "./show.mjs";

configure({ reproducible: true });
try {
  zeros([1, 1]);
} catch (error) {
  document.title = error.message;
}
await init();
await show();
