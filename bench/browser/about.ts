/** What a page knows of the browser that shows it. */

/** The browser's name and version, as it says them. */
export function browser(): string {
  const agent = navigator.userAgent;
  return agent.match(/(HeadlessChrome|Edg|Chrome|Firefox)\/\d+/)?.[0].replace("/", " ") ?? agent;
}

/** The element with an id. @throws Error if the page has none. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/** Calls `run` when the button is pressed, or at once where the address asks for a recording, and sends what comes of it. */
export function measureOnDemand(run: () => Promise<object>): void {
  element("run").addEventListener("click", () => void run());
  if (!new URLSearchParams(location.search).has("record")) return;
  void run().then((recording) => fetch("result", { method: "POST", body: JSON.stringify(recording) }));
}
