# SPDX-License-Identifier: Apache-2.0
"""The table of a scaling study, as ``jobs/scaling/collect.py`` writes it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import h5py
import numpy as np

from .stored_file import StoredFile

if TYPE_CHECKING:
    import pandas as pd


class ScalingTable(StoredFile):
    """One row per point; columns are described in ``jobs/scaling/README.md``, which reads it without pandas."""

    KIND, VERSION, TITLE = "atnas-scaling", 2, "table of a scaling study"

    def columns(self, names: Iterable[str]) -> dict[str, np.ndarray]:
        """Each [points]."""
        return {name: self.array("/points/" + name) for name in names}

    @functools.cached_property
    def points(self) -> pd.DataFrame:
        from .frame import documented

        group = self.file.get("/points")
        return documented(self.columns(group if isinstance(group, h5py.Group) else ()), {}, str(self.path))
