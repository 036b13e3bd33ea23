# SPDX-License-Identifier: Apache-2.0
"""A mean and its 95 % interval, as ATNAS computes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """``half`` is half the width of the 95 % interval; NaN for a single value."""

    mean: float
    half: float

    @staticmethod
    def of(values: np.ndarray) -> Interval:
        """1.96 standard errors of the mean.

        >>> Interval.of(np.array([0.5, 0.7, 0.6]))
        60.00 % +- 11.32 %
        """
        values = np.asarray(values, dtype=float)
        half = 1.96 * values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
        return Interval(float(values.mean()), float(half))

    @property
    def sure(self) -> bool:
        """Whether it excludes 0."""
        return abs(self.mean) > self.half

    def __repr__(self) -> str:
        return f"{100 * self.mean:.2f} %" + ("" if math.isnan(self.half) else f" +- {100 * self.half:.2f} %")
