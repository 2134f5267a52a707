/** WebKit, as Debian has it: WebKitGTK's MiniBrowser on a virtual screen, driven over WebDriver. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { NotAvailable } from "./host.ts";
import { freePort, type Opened, shown } from "./page.ts";

const DRIVER = "/usr/bin/WebKitWebDriver";
const SCREEN = "/usr/bin/Xvfb";
const PACKAGES = "its packages in Debian are webkit2gtk-driver and xvfb";

/** Opens an address and waits for the answer. Its driver tells nothing of a page's console. */
export async function openWebKit(url: string): Promise<Opened> {
  const browser = miniBrowser();
  if (!(existsSync(DRIVER) && existsSync(SCREEN) && browser)) throw new NotAvailable(PACKAGES);
  const started: ChildProcess[] = [];
  const start = (path: string, args: string[], env = {}): void => {
    started.push(spawn(path, args, { env: { ...process.env, ...env }, stdio: "ignore" }));
  };
  try {
    const display = `:${100 + (process.pid % 800)}`;
    start(SCREEN, [display, "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
    const port = await freePort();
    start(DRIVER, [`--port=${port}`], { DISPLAY: display });
    return await drive(`http://127.0.0.1:${port}`, browser, url);
  } finally {
    for (const each of started.reverse()) each.kill();
  }
}

async function drive(driver: string, binary: string, url: string): Promise<Opened> {
  const options = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
  const begin = (): Promise<Session> =>
    ask(`${driver}/session`, { capabilities: { alwaysMatch: options } }) as Promise<Session>;
  const { sessionId, capabilities } = await patiently(begin, 15_000);
  const session = `${driver}/session/${sessionId}`;
  try {
    await ask(`${session}/url`, { url });
    const text = await patiently(async () => {
      const found = await ask(`${session}/element`, { using: "css selector", value: "#answer" });
      return (await ask(`${session}/element/${Object.values(found as object)[0]}/text`)) as string;
    }, 60_000);
    const title = (await ask(`${session}/title`)) as string;
    return { answer: shown(text), title, version: `WebKitGTK ${capabilities.browserVersion}` };
  } finally {
    await fetch(session, { method: "DELETE" });
  }
}

interface Session {
  sessionId: string;
  capabilities: { browserVersion: string };
}

/** One command of WebDriver. */
async function ask(address: string, body?: unknown): Promise<unknown> {
  const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const { value } = (await (await fetch(address, request)).json()) as { value: unknown };
  const { error, message } = (value ?? {}) as { error?: string; message?: string };
  if (error !== undefined) throw new Error(`WebKit: ${error}: ${message}`);
  return value;
}

/** Tries again until it works or the time is over. */
async function patiently<T>(attempt: () => Promise<T>, limit: number): Promise<T> {
  for (const start = performance.now(); ; await setTimeout(100)) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() - start > limit) throw error;
    }
  }
}

/** The browser of the newest WebKitGTK that is installed, in the folder of Debian's libraries. */
function miniBrowser(): string | undefined {
  const libraries = "/usr/lib/x86_64-linux-gnu";
  const names = existsSync(libraries) ? readdirSync(libraries).filter((name) => /^webkit2?gtk-/.test(name)) : [];
  return names
    .sort()
    .reverse()
    .map((name) => `${libraries}/${name}/MiniBrowser`)
    .find(existsSync);
}
