# SPDX-License-Identifier: Apache-2.0
"""Data frames that know what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .problem import Problem


def documented(columns: Mapping[str, object], docs: Mapping[str, str], source: str) -> pd.DataFrame:
    """A frame of columns of equal length; ``frame.attrs["docs"]`` says what each means, with its unit.

    >>> frame = documented({"macs": [12, 7]}, {"macs": "multiply-accumulates for one image"}, "a.h5")
    >>> frame.attrs["docs"]["macs"]
    'multiply-accumulates for one image'
    """
    lengths = {name: len(column) for name, column in columns.items()}  # type: ignore[arg-type]
    if len(set(lengths.values())) > 1:
        raise Problem(f"{source} is damaged", f"columns of one table differ in length: {lengths}",
                      "use another copy of it, or an older one")
    frame = pd.DataFrame({name: np.asarray(column) for name, column in columns.items()})
    frame.attrs["docs"] = {name: docs[name] for name in columns if name in docs}
    return frame
