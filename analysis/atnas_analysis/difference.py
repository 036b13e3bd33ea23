# SPDX-License-Identifier: Apache-2.0
"""What differs between two files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import h5py
import numpy as np

from .stored_file import StoredFile, plain

#: What may differ between two equal results, or follows from the rest.
LEFT_OUT = ("/provenance", "/contents", "/@digest", "/deck@run.folder")


@dataclass(frozen=True)
class Difference:
    """An array or an attribute (``group@name``) that is not the same in both files."""

    name: str
    #: In one sentence, with the first place.
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def differences(a: StoredFile, b: StoredFile, tolerance: float = 0.0) -> Iterator[Difference]:
    """Bit by bit, but for provenance and the folder; with a tolerance floating-point numbers may differ by it (absolutely).

    NaN equals NaN of the same bits, with a tolerance any NaN.
    """
    in_a, in_b = objects(a), objects(b)
    for name in sorted(in_a.keys() | in_b.keys()):
        if name not in in_a or name not in in_b:
            yield Difference(name, f"only in {(a if name in in_a else b).path}")
            continue
        text = _attribute(in_a[name], in_b[name], tolerance) if "@" in name else _array(a, b, name, tolerance)
        if text:
            yield Difference(name, text)


def objects(stored: StoredFile) -> dict[str, object]:
    """Names of arrays, which are read later, and names and values of attributes."""
    found: dict[str, object] = {}

    def add(name: str, node: h5py.HLObject) -> None:
        path = "/" + name
        if isinstance(node, h5py.Dataset):
            found[path] = None
        for key, value in node.attrs.items():
            found[f"{path}@{key}"] = plain(value)

    try:
        add("", stored.file["/"])
        stored.file.visititems(add)
    except (OSError, RuntimeError, TypeError, ValueError):
        raise stored.damaged("its objects cannot be listed") from None
    return {name: value for name, value in found.items() if not name.startswith(LEFT_OUT)}


def _attribute(a: object, b: object, tolerance: float) -> str:
    if isinstance(a, float) and isinstance(b, float):
        x, y = np.array([a]), np.array([b])
        return f"{a!r} and {b!r}" if _unequal(x, y, tolerance).any() else ""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return "" if np.array_equal(a, b) else "values differ"
    if a == b:
        return ""
    if isinstance(a, str) and isinstance(b, str) and "\n" in a + b:
        return "texts differ"
    return f"{a!r} and {b!r}"


def _without_folder(texts: np.ndarray) -> np.ndarray:
    """The text of a deck without the line ``folder`` of ``[run]``, the only key of this name, and without remarks on what
    the defaults of the program were: values are compared as attributes, too."""
    lines = [line.partition("  # default ")[0] for text in texts for line in str(text).split("\n")
             if line.split("=")[0].strip() != "folder"]
    return np.array(["\n".join(lines)], dtype=object)


def _array(a: StoredFile, b: StoredFile, name: str, tolerance: float) -> str:
    x, y = a.array(name), b.array(name)
    if name == "/deck/text":
        x, y = _without_folder(x), _without_folder(y)
    if x.shape != y.shape:
        return f"shapes {list(x.shape)} and {list(y.shape)}"
    if x.dtype != y.dtype:
        return f"types {x.dtype} and {y.dtype}"
    unequal = _unequal(x, y, tolerance)
    count = int(np.count_nonzero(unequal))
    if not count:
        return ""
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(unequal)), x.shape))
    text = f"{count} of {x.size} differ, the first at {list(place)}: "
    if x.dtype == object:
        return text + _text_difference(str(x[place]), str(y[place]))
    text += f"{x[place].item()!r} and {y[place].item()!r}"
    if x.dtype.kind in "fiu":
        with np.errstate(invalid="ignore"):
            gap = np.abs(x.astype(float) - y.astype(float))
        if np.isfinite(gap).any():
            text += f"; the largest difference is {np.nanmax(np.where(np.isfinite(gap), gap, np.nan)):.3g}"
    return text


def _text_difference(a: str, b: str) -> str:
    """The first line that differs, of texts of several."""
    for x, y in zip(a.splitlines(), b.splitlines()):
        if x != y:
            return f"'{x}' and '{y}'"
    return f"{len(a.splitlines())} and {len(b.splitlines())} lines"


def _unequal(x: np.ndarray, y: np.ndarray, tolerance: float) -> np.ndarray:
    if x.dtype.kind != "f":
        return np.asarray(x != y)
    if tolerance <= 0:
        bits = f"u{x.dtype.itemsize}"
        return np.ascontiguousarray(x).view(bits) != np.ascontiguousarray(y).view(bits)
    both = np.isnan(x) & np.isnan(y)
    with np.errstate(invalid="ignore"):
        near = (np.abs(x - y) <= tolerance) | (x == y)
    return ~(near | both)
