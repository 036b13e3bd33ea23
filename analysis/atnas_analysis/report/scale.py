# SPDX-License-Identifier: Apache-2.0
"""From values to places in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..text_table import si
from .chart import power_ticks, ticks


@dataclass(frozen=True)
class Scale:
    """``low`` ... ``high`` (values) are at ``start`` ... ``end`` (places); ``log``: by their logarithms.

    >>> Scale(1, 4, 0, 100, log=True)(2)
    50.0
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high = self.low, self.high
        if self.log:
            low, high, value = (float(np.log2(x)) for x in (low, high, value))
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def text(self, value: float) -> str:
        """Of a tick: powers of two are known by their digits."""
        return f"{value:g}" if self.log else number(value)

    def ticks(self, count: int = 5) -> list[float]:
        return power_ticks(self.low, self.high) if self.log else ticks(self.low, self.high, count)


def span_of(arrays: Sequence[np.ndarray], margin: float, log: bool = False) -> tuple[float, float]:
    """From the least to the greatest number of all, and a margin (its share) on both sides."""
    values = np.concatenate([np.asarray(a, dtype=float).ravel() for a in arrays])
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    if log:
        room = (high / low) ** margin if high > low else 2.0
        return low / room, high * room
    if low == high:
        pad = 1.0 if low.is_integer() else abs(low) * 0.1
        return low - pad, high + pad
    return low - margin * (high - low), high + margin * (high - low)


def number(value: float) -> str:
    """
    >>> number(0.25), number(12000), number(3.0)
    ('0.25', '12 k', '3')
    """
    return si(value) if abs(value) >= 1000 else f"{value:.4g}"
