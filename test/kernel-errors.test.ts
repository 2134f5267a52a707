/** Every message about the kernel, its memory and who owns it, word for word. */
import { vi } from "vitest";
import { add, configure, init, LogisticRegression, ones, scope, zeros } from "../src/index.ts";
import { loadKernel } from "../src/loading/inlined.ts";
import { type Row, testErrors, wrong } from "./error-rows.ts";
import { bytesOf, strangers, withoutRelaxed, withoutSimd, withoutSynchronousCompilation } from "./modules.ts";

const elsewhere = ones([2, 3]);
configure({ build: "simd" });
const freed = ones([2, 3]);
freed.free();
const model = new LogisticRegression({ epochs: 1 });
model.fit([[0, 1]], [[0, 1]]);

/** Does something on another host. */
function on(host: object, act: () => unknown): unknown {
  vi.stubGlobal("WebAssembly", host);
  try {
    return act();
  } finally {
    vi.unstubAllGlobals();
  }
}

function outOfMemory(): unknown {
  configure({ memoryLimit: 65536 });
  try {
    return zeros(2 ** 24);
  } finally {
    configure({ memoryLimit: 2 ** 32 });
  }
}

const kernels: Row[] = [
  [
    "a build that contradicts reproducible",
    () => configure({ reproducible: true, build: "relaxed" }),
    RangeError,
    'configure: build is "relaxed" and reproducible is true; expected "simd", whose results are the same bits on every host.',
  ],
  [
    "a limit that is no number",
    () => configure({ memoryLimit: wrong("1 GB") }),
    TypeError,
    'configure: memoryLimit is "1 GB"; expected a number.',
  ],
  [
    "a limit out of range",
    () => configure({ memoryLimit: 1000 }),
    RangeError,
    "configure: memoryLimit is 1000; expected bytes from 65536 to 4294967296.",
  ],
  [
    "the relaxed build where there is none",
    () => on(withoutRelaxed(), () => configure({ build: "relaxed" })),
    Error,
    'configure: build is "relaxed", but this host has no relaxed SIMD. Leave build out to use the fastest that works here.',
  ],
  [
    "a host that compiles nothing synchronously",
    () => on(withoutSynchronousCompilation(), () => loadKernel("simd")),
    Error,
    "fourlane: this host refused to compile the kernel synchronously. Call await init() before anything else.",
  ],
  [
    "a host without SIMD",
    () => on(withoutSimd(), () => loadKernel("simd")),
    Error,
    "fourlane: this host cannot compile the kernel; expected WebAssembly with SIMD, and in a page with a content security policy that it allows wasm-unsafe-eval.",
  ],
  [
    "bytes that are no module",
    () => init(Uint8Array.of(80, 75, 3, 4)),
    Error,
    "init: the source starts with 50 4b 03 04; expected the magic bytes 00 61 73 6d.",
  ],
  [
    "a page instead of the module",
    () => init(new Response("<html>")),
    Error,
    "init: the source starts with 3c 68 74 6d; expected the magic bytes 00 61 73 6d. This looks like an HTML page: the server answered with a page instead of the file.",
  ],
  [
    "no bytes",
    () => init(new Uint8Array(0)),
    Error,
    "init: the source starts with nothing; expected the magic bytes 00 61 73 6d.",
  ],
  [
    "a module that is no kernel",
    () => init(strangers.empty),
    Error,
    "init: the module has no export memory; expected one of this package's kernels.",
  ],
  [
    "a module that does not compile",
    () => init(bytesOf("simd").subarray(0, 100)),
    Error,
    "init: this host cannot compile or link the module; expected one of this package's kernels. The error's cause says why.",
  ],
  [
    "another build than was asked for",
    () => init(bytesOf("relaxed")),
    Error,
    'init: the kernel is the relaxed build, but configure asked for "simd".',
  ],
  [
    "a source that is nothing of the kind",
    () => init("kernel.wasm"),
    TypeError,
    'init: source is "kernel.wasm"; expected bytes, a URL, a Response or a module. new URL(…, import.meta.url) makes a path absolute.',
  ],
];

const memory: Row[] = [
  [
    "more than the memory holds",
    outOfMemory,
    RangeError,
    "zeros: out of memory: 67108864 bytes are needed and {arrays} arrays hold {used}; expected at most 65536 in all. free() arrays, or make them in a scope() or with using: a loop that never yields to the event loop keeps dropped arrays.",
  ],
  [
    "arrays of two kernels",
    () => add(elsewhere, ones([2, 3])),
    Error,
    "add: the arrays live in the memories of two kernels. Call configure or init before the first array, or copy one with array(a.toArray()).",
  ],
  [
    "the use of a freed array",
    () => freed.T,
    Error,
    "NDArray: the array (2, 3) was freed. Use it before free() or the end of its scope, or copy() it.",
  ],
  [
    "freeing twice",
    () => freed.free(),
    Error,
    "NDArray.free: the array was freed before. Free it, or one of its views, once.",
  ],
  [
    "freeing what a model owns",
    () => model.w.free(),
    Error,
    "NDArray.free: the array is a view of a LogisticRegression's memory. Call free() on the LogisticRegression.",
  ],
  [
    "a scope of a promise",
    () => scope(async () => 1),
    TypeError,
    "scope: body returned a promise; expected a result. The arrays would be freed before it settles.",
  ],
];

testErrors([...kernels, ...memory]);
