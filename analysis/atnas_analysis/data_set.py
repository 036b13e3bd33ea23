# SPDX-License-Identifier: Apache-2.0
"""Class-indexed images: what ``atnas import`` writes."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from .frame import documented
from .stored_file import StoredFile, text_of

CLASSES = {
    "name": "unique name of the class",
    "group": "e.g. its alphabet",
    "first": "number of its first image",
    "images": "how many images it has",
}


class DataSet(StoredFile):
    """Images are read class by class, or by number."""

    KIND, VERSION, TITLE = "atnas-data", 1, "data set"

    @functools.cached_property
    def classes(self) -> pd.DataFrame:
        """One row per class."""
        first, group = self.array("/classes/first"), self.array("/classes/group")
        groups = np.array(list(self.array("/groups/names")), dtype=object)
        if len(group) and not 0 <= group.min() <= group.max() < len(groups):
            raise self.damaged("/classes/group names no group")
        columns = {"name": self.array("/classes/names"), "group": groups[group], "first": first[:-1],
                   "images": np.diff(first)}
        return documented(columns, CLASSES, str(self.path))

    @property
    def source(self) -> str:
        return text_of(self.attributes().get("source", ""))

    @property
    def shape(self) -> tuple[int, ...]:
        """Images, channels, height, width."""
        return self.file["/images"].shape

    def images(self, name: str) -> np.ndarray:
        """Those of one class, uint8 [n, channels, height, width]."""
        rows = self.classes[self.classes["name"] == name]
        if rows.empty:
            raise KeyError(name)
        first, count = int(rows["first"].iloc[0]), int(rows["images"].iloc[0])
        try:
            return self.file["/images"][first:first + count]
        except OSError:
            raise self.damaged(f"the images of {name} cannot be read") from None
