"""Writes npy/: files by NumPy itself, and npy/values.json with what NumPy reads from those that hold numbers.

    pip install numpy==2.4.6
    python3 test/golden/npy.py

NumPy's 64-bit integers, dates and long doubles are those of x86-64 Linux.
"""

import io
import json
import math
import sys
from pathlib import Path

import numpy as np

folder = Path(__file__).parent / "npy"
folder.mkdir(exist_ok=True)
values = {}


def number(x):
    """JavaScript's text of a number, the sign of zero included."""
    x = float(x)
    return "NaN" if math.isnan(x) else repr(x).replace("inf", "Infinity")


def record(name, x):
    values[name] = {"dtype": x.dtype.str, "shape": x.shape, "values": [number(v) for v in x.ravel(order="C")]}


def save(name, x, version=None):
    with open(folder / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, x, version=version)
    record(f"{name}.npy", x)


def refuse(name, x):
    np.save(folder / f"{name}.npy", x)


def extremes(dtype):
    if dtype == "b1":
        return [True, False, False, True, True, False]
    if dtype in ("i8", "u8"):
        return [-(2**53) if dtype == "i8" else 0, 2**53, 2**53 - 1, 2**32, 1, 258]
    if dtype[0] in "iu":
        bounds = np.iinfo(dtype)
        return [bounds.min, bounds.max, bounds.max - 1, 0, 1, 2]
    bounds = np.finfo(dtype)
    return [-0.0, math.inf, math.nan, bounds.max, -bounds.smallest_subnormal, 1 / 3]


# Every dtype in both orders of bytes, with its extremes.
for dtype in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
    x = np.array(extremes(dtype), dtype=dtype).reshape(2, 3)
    save(dtype, x)
    if x.itemsize > 1:
        save(f"{dtype}-big", x.astype(x.dtype.newbyteorder(">")))

# Fortran's order, alone and with the others.
x = np.arange(24, dtype="f8")
save("fortran", np.asfortranarray(x[:6].reshape(2, 3)))
save("fortran-cube", np.asfortranarray(x.reshape(2, 3, 4).astype("f4")))
save("fortran-big", np.asfortranarray(x[:6].reshape(3, 2).astype(">f2")))

save("version-2", x.reshape(4, 6), version=(2, 0))
save("version-3", x.reshape(4, 6), version=(3, 0))

# Elements that are no real numbers.
refuse("objects", np.array([1, None, "x"], dtype=object))
refuse("complex", np.array([1 + 2j]))
refuse("text", np.array(["1", "22"]))
refuse("bytes", np.array([b"1", b"22"]))
refuse("raw", np.zeros(2, "V3"))
refuse("date", np.array(["2024-02-29"], dtype="M8[D]"))
refuse("span", np.array([3], dtype="m8[s]"))
refuse("structured", np.zeros(2, [("x", "f4"), ("y", "f8")]))
refuse("long-double", np.zeros(2, np.longdouble))
refuse("large-integer", np.array([1, -(2**53) - 1]))
refuse("large-unsigned", np.array([1, 2, 2**64 - 1], dtype="u8"))


def named(name, save_as, **arrays):
    with open(folder / name, "wb") as file:
        save_as(file, **arrays)
    for key, x in arrays.items():
        record(f"{name}:{key}", x)


class Pipe(io.RawIOBase):
    """Bytes that cannot be gone back in: sizes then follow the data instead of preceding them."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


# Shapes for the header: all lengths of it, and so all paddings, occur among them.
shapes = [(), (0,), (1,), (3, 0, 2), (12, 3), (2, 1, 3), (10, 0), (1000, 0), (10**12, 0)] + [(1,) * axes for axes in range(2, 65)]
named("shapes-f4.npz", np.savez, **{f"s{i}": np.arange(math.prod(s), dtype="f4").reshape(s) for i, s in enumerate(shapes)})
named("shapes-f8.npz", np.savez, **{f"s{i}": np.arange(math.prod(s), dtype="f8").reshape(s) for i, s in enumerate(shapes[:9])})

some = {"X": (np.arange(600, dtype="f4") % 7).reshape(20, 30), "Y": np.array([[True, False]]), "größe/n": np.array(3.0)}
named("stored.npz", np.savez, **some)
named("deflated.npz", np.savez_compressed, **some)
named("piped.npz", lambda file, **arrays: np.savez_compressed(Pipe(file), **arrays), **some)
named("none.npz", np.savez)
np.savez(folder / "with-objects.npz", X=some["X"], Z=np.array([None]))

versions = {"python": sys.version.split()[0], "numpy": np.__version__}
note = "values in C order; what to read them from: file, or archive:name"
(folder / "values.json").write_text(json.dumps({"note": note, "versions": versions, "arrays": values}) + "\n")
