"""Writes arrays.json: what NumPy makes of slices, ranges, grids, joins, choices and tolerances.

    pip install numpy==2.4.6
    python3 test/golden/arrays.py

Numbers are f64. In slices null stands for what is not said. NaN and infinity are texts.
"""

import json
import sys
from pathlib import Path

import numpy as np

inf, nan = np.inf, np.nan


def plain(x):
    """Nested lists that JSON can hold, and JavaScript's Number reads."""
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, float) and not np.isfinite(x):
        return "NaN" if np.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    return x


def key(parts):
    return tuple(p if isinstance(p, int) else slice(*(p + [None, None, None])[:3]) for p in parts)


cube = np.arange(60.0).reshape(3, 4, 5)
slices = [
    [],
    [0],
    [-1, 2],
    [1, -2, -5],
    [[None, 2]],
    [[1, None]],
    [[None, None, -1]],
    [[0, 3, 2], [3, 0, -2], [-3, None]],
    [[5, None], [None, None]],
    [[-9, 9], [9, -9, -1], -1],
    [[2, 1]],
    [0, [None, None, 3], [4, None, -3]],
    [[], [], [None, -1]],
    [[None, -9, -1], [-1, None, -2]],
]

linspaces = [[0, 1, 5, True], [0, 1, 5, False], [-3, 7, 11, True], [2, -1, 4, True], [5, 9, 1, True], [5, 9, 1, False]]
linspaces += [[5, 9, 0, True], [0, 0.3, 7, True], [1, 1, 3, True], [-1e3, 1e-3, 50, True], [0, 1, 2, True]]
aranges = [[0, 5, 1], [3, 0, -1], [0, 1, 0.1], [0, 1, 0.3], [5, 5, 1], [5, 3, 1], [-2, 2, 0.5], [1, -1, -0.25], [10, 20, 7]]

grid = np.arange(6.0).reshape(2, 3)
joins = [
    [0, [grid, grid + 10]],
    [1, [grid, grid[:, :1], grid[:, :0], grid[:, ::-1]]],
    [-1, [cube[:, :, 1:3], cube[:, :, 4:]]],
    [-3, [cube[:1], cube[1:]]],
    [0, [grid[0], grid[1, 1:]]],
]
condition = np.array([[1.0, 0.0, nan]])
wheres = [
    [condition, grid, -grid],
    [condition.T, grid[0], np.array(7.0)],
    [np.array(0.0), grid, grid.T[:, :1].T],
    [np.array([0.0, -0.0, 2.0]), np.array([[1.0], [2.0]]), cube[:, :2, :3]],
]
values = [0.0, 1.0, 1.00001, 1.000011, 1e-8, 1.1e-8, -1.0, inf, -inf, nan, 1e300]
tolerances = [[1e-5, 1e-8], [0.0, 0.0], [0.0, 1.0], [0.5, 0.0]]
close = [
    [a, b, rtol, atol, equal, bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=equal))]
    for a in values
    for b in values
    for rtol, atol in tolerances
    for equal in (False, True)
]

result = {
    "note": "cube[slices], linspace(start, stop, num, endpoint), arange, meshgrid, concatenate(axis, arrays), where, allclose",
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__},
    "slices": [[s, list(cube[key(s)].shape), cube[key(s)].tolist()] for s in slices],
    "linspaces": [[s, np.linspace(s[0], s[1], s[2], endpoint=s[3]).tolist()] for s in linspaces],
    "aranges": [[s, np.arange(*s).tolist()] for s in aranges],
    "meshgrid": [g.tolist() for g in np.meshgrid([1.0, 2.0, 3.0], [10.0, 20.0])],
    "joins": [[axis, [a.tolist() for a in arrays], np.concatenate(arrays, axis).tolist()] for axis, arrays in joins],
    "wheres": [[c.tolist(), a.tolist(), b.tolist(), np.where(c, a, b).tolist()] for c, a, b in wheres],
    "close": close,
}
text = json.dumps(plain(list(result.values())))
result = dict(zip(result, json.loads(text)))
body = ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in result.items())
Path(__file__).with_suffix(".json").write_text(f"{{\n{body}\n}}\n")
