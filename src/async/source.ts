/** A kernel from elsewhere: bytes, a URL, a Response or a module, and what each of them may turn out to be. */
import { badUrl, notAModule, unusableKernel } from "../check.ts";
import type { KernelCode, KernelSource, Linked } from "../kernel.ts";

/** An instance of a kernel from elsewhere than this package. @throws Error where it is none. */
export async function linkFrom(source: KernelSource): Promise<Linked> {
  if (source instanceof WebAssembly.Module) return link(source, source);
  const bytes = await read(source);
  const head = new Uint8Array(bytes.slice(0, 4));
  if (String.fromCharCode(...head) !== "\0asm") notAModule(head);
  const module = await WebAssembly.compile(bytes).catch(unusableKernel);
  return link(module, new Uint8Array(bytes));
}

async function link(module: WebAssembly.Module, code: KernelCode): Promise<Linked> {
  return { instance: await WebAssembly.instantiate(module, {}).catch(unusableKernel), code };
}

async function read(source: BufferSource | Response | URL | string): Promise<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return source;
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice().buffer as ArrayBuffer;
  }
  if (source instanceof Response) return source.arrayBuffer();
  const base = (globalThis as { location?: Location }).location?.href;
  const url = URL.canParse(source, base) ? new URL(source, base) : badUrl(source);
  if (url.protocol !== "file:") return (await fetch(url)).arrayBuffer();
  // Node's fetch knows no file: URLs. Asked for like this, the module is no concern of bundlers.
  const host = globalThis as { process?: { getBuiltinModule?(name: string): FileSystem | undefined } };
  const files = host.process?.getBuiltinModule?.("node:fs");
  if (!files) return (await fetch(url)).arrayBuffer();
  return new Uint8Array(files.readFileSync(url)).buffer;
}

interface FileSystem {
  readFileSync(url: URL): Uint8Array;
}
