# SPDX-License-Identifier: Apache-2.0
"""Blocks of weights by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .stored_file import StoredFile


class Weights(Mapping[str, np.ndarray]):
    """A read-only mapping of names to arrays; a block is read from the file when it is asked for."""

    def __init__(self, file: StoredFile, group: str = "/weights", values: str = "") -> None:
        """``values``: the array that holds them, where it is not the group's own."""
        self._file, self._values = file, values or group + "/values"
        names = file.array(group + "/manifest/names")
        offsets = file.array(group + "/manifest/offsets")
        shapes = file.array(group + "/manifest/shapes")
        if not len(names) == len(offsets) == len(shapes):
            raise file.damaged(f"the arrays of {group}/manifest differ in length")
        self._blocks = {name: (int(offset), tuple(int(n) for n in shape if n > 0))
                        for name, offset, shape in zip(names, offsets, shapes)}

    def __getitem__(self, name: str) -> np.ndarray:
        place, shape = self.place(name), self.shape(name)
        try:
            return self._file.file[self._values][place].reshape(shape)
        except (KeyError, OSError, ValueError):
            raise self._file.damaged(f"the weights of {name} cannot be read") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._blocks[name][1]

    def place(self, name: str) -> slice:
        """Where it is in the array of all weights."""
        offset, shape = self._blocks[name]
        return slice(offset, offset + int(np.prod(shape, dtype=np.int64)))
