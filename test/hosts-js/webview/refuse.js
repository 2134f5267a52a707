// What old WebViews do on a page's own thread: they compile no more than 4 KB synchronously.
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(Module, [bytes]) {
    if (bytes.byteLength > 4096) throw new RangeError("larger than 4 KB: use WebAssembly.compile");
    return new Module(bytes);
  },
});
