"""Contenders in Python: reads one request a line, answers one line each. Times are taken here, not by the caller."""

import json
import sys
import time

import numpy as np


def uniform(dtype, count, seed, low=-1.0, high=1.0):
    """The same numbers as inputs.ts makes: the finalizer of MurmurHash3 of each position."""
    x = np.arange(count, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    values = low + (high - low) * (x / 2**32)
    return values.astype(np.float32 if dtype == "f32" else np.float64)


def labels(dtype, count):
    return np.floor(uniform(dtype, count, 9, 0, 2))


def sampled(values):
    flat = np.asarray(values).ravel()
    return {"length": int(flat.size), "sample": [float(v) for v in flat[:: max(1, flat.size // 256)]]}


def timed(run, milliseconds, batch):
    """Milliseconds of single runs, a batch of them a sample, for about so many milliseconds."""
    if getattr(run, "measures_itself", False):
        return [run()]
    times = []
    end = time.perf_counter() + milliseconds / 1e3
    while True:
        start = time.perf_counter()
        for _ in range(batch):
            run()
        now = time.perf_counter()
        times.append((now - start) * 1e3 / batch)
        if now >= end:
            return times


def main():
    from libraries import LIBRARIES

    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "versions":
                reply = {name: library.version for name, library in LIBRARIES.items()}
            elif request["do"] == "prepare":
                prepared = LIBRARIES[request["library"]].prepare(request["work"])
                if prepared:
                    ready[request["key"]] = prepared
                reply = {"prepared": prepared is not None}
            elif request["do"] == "answer":
                reply = sampled(ready[request["key"]][1]())
            elif request["do"] == "turn":
                run = ready[request["key"]][0]
                reply = {"times": timed(run, request["milliseconds"], request["batch"])}
            else:
                del ready[request["key"]]
                reply = {}
        except Exception as error:  # The caller says whose fault it is.
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
