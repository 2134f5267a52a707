import { configure, init, zeros } from "./node_modules/fourlane/dist/index.js";
import { show } from "./show.mjs";

configure({ reproducible: true });
try {
  zeros([1, 1]);
} catch (error) {
  document.title = error.message;
}
await init();
await show();
