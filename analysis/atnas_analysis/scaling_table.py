# SPDX-License-Identifier: Apache-2.0
"""The table of a scaling study, as ``jobs/scaling/collect.py`` writes it."""

from __future__ import annotations

import functools

import pandas as pd

from .frame import documented
from .stored_file import StoredFile


class ScalingTable(StoredFile):
    """One row per point; columns are described in ``jobs/scaling/README.md``."""

    KIND, VERSION, TITLE = "atnas-scaling", 2, "table of a scaling study"

    @functools.cached_property
    def points(self) -> pd.DataFrame:
        names = list(self.file["/points"]) if self.has("/points") else []
        return documented({name: self.array("/points/" + name) for name in names}, {}, str(self.path))
