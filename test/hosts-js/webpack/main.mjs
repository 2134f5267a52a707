import { show } from "./show.mjs";

show();
