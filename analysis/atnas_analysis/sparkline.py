# SPDX-License-Identifier: Apache-2.0
"""Curves of one line of text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int = 40) -> str:
    """The newest values at the right; longer courses are averaged to the width. What is no number is a blank.

    >>> sparkline([1, 2, 3, 4, float("nan"), 8])
    '▁▂▃▄ █'
    """
    numbers = np.asarray(list(values), dtype=float)
    numbers[~np.isfinite(numbers)] = np.nan
    if len(numbers) > width:
        parts = np.array_split(numbers, width)
        numbers = np.array([np.nan if np.isnan(part).all() else np.nanmean(part) for part in parts])
    if not len(numbers) or np.isnan(numbers).all():
        return ""
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    scale = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(" " if np.isnan(number) else BARS[int(round((number - low) * scale))] for number in numbers)
