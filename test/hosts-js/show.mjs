/** Runs the program in a page and shows its answer in it, where people and drivers of browsers can read it. */
import { program } from "./program.mjs";

export function show() {
  const shown = document.createElement("pre");
  shown.id = "answer";
  const say = (answer) => {
    shown.textContent = JSON.stringify(answer);
    document.body.append(shown);
  };
  return program().then(say, (error) => say({ error: String(error) }));
}
