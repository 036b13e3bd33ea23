# SPDX-License-Identifier: Apache-2.0
"""Digests of what a file holds, as FORMAT.md says under "Digests"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import h5py
import numpy as np
import xxhash

from .problem import Problem
from .stored_file import text_of

PIECE = 1 << 20
#: Objects and attributes that have no line.
APART = ("provenance", "contents")
NOT_LISTED = ("/@digest ", "/@complete ")


def digest_of(value: np.ndarray) -> str:
    """
    >>> digest_of(np.zeros(0))
    '0000000000000000'
    """
    data, length = value.tobytes(), PIECE
    if value.ndim > 1:
        length = max(value[0].nbytes, 1) if len(value) else 1
    pieces = (data[i:i + length] for i in range(0, len(data), length))
    return "%016x" % (sum(xxhash.xxh3_64_intdigest(piece, seed) for seed, piece in enumerate(pieces)) % 2**64)


def _attribute_lines(name: str, node: h5py.HLObject) -> Iterator[str]:
    for key in node.attrs:
        attribute = node.attrs.get_id(key)
        value = np.empty((), attribute.dtype)
        attribute.read(value)
        yield f"{name}@{key} {attribute.dtype.str} [] {digest_of(value)}"


def contents_of(file: h5py.File) -> list[str]:
    """The lines of ``/contents``."""
    lines = list(_attribute_lines("/", file))

    def visit(name: str, node: h5py.HLObject) -> None:
        if name.split("/")[0] not in APART:
            lines.extend(_attribute_lines("/" + name, node))
            if isinstance(node, h5py.Dataset):
                lines.append(f"/{name} {node.dtype.str} {list(node.shape)} {digest_of(node[()])}")

    file.visititems(visit)
    return sorted(line for line in lines if not line.startswith(NOT_LISTED))


def expect_whole(file: h5py.File, refuse: Callable[[str], Problem]) -> None:
    """Raises what ``refuse`` makes of the reason where the file holds anything but what was written."""
    try:
        stored = list(file["contents"].asstr()[()])
        found, digest = contents_of(file), text_of(file.attrs.get("digest", ""))
    except (KeyError, OSError, TypeError, ValueError, RuntimeError):
        raise refuse("its contents cannot be read") from None
    different = sorted({line.split(" ")[0] for line in set(stored) ^ set(found)})
    if different:
        raise refuse(f"{different[0]} is not what was written")
    if digest_of_lines(stored) != digest:
        raise refuse("/contents is not what was written")


def digest_of_lines(lines: Sequence[str]) -> str:
    return xxhash.xxh3_64_hexdigest("".join(line + "\n" for line in lines).encode())


def write_contents(file: h5py.File) -> None:
    """Brings ``/contents`` and the attribute ``digest`` up to date with the rest of the file."""
    lines = contents_of(file)
    del file["contents"]
    file.create_dataset("contents", data=lines, dtype=text_type(*lines))
    write_text(file, "digest", digest_of_lines(lines))


def write_text(node: h5py.HLObject, name: str, text: str) -> None:
    """An attribute as ATNAS writes texts."""
    node.attrs.create(name, text, dtype=text_type(text))


def text_type(*texts: str) -> np.dtype:
    return h5py.string_dtype("utf-8", max(1, *(len(text.encode()) for text in texts)))
