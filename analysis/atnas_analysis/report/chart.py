# SPDX-License-Identifier: Apache-2.0
"""What a chart shows, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Union

import numpy as np

MOST_POINTS = 400


class Mark(Enum):
    LINE = "line"
    POINTS = "points"
    BAND = "band"  # between y and high


@dataclass(frozen=True)
class Series:
    """A curve, points, or the band between ``y`` and ``high``. ``labels``: a text for each point, for hovering.
    Points may have upright bars from ``low`` to ``high``."""

    name: str
    x: np.ndarray
    y: np.ndarray
    mark: Mark = Mark.LINE
    high: np.ndarray | None = None
    low: np.ndarray | None = None
    labels: Sequence[str] = ()
    #: Which colour; series of one number look alike. None: the next one.
    colour: int | None = None
    faint: bool = False


@dataclass(frozen=True)
class Chart:
    """``slug`` is the name of its file. Values that are no numbers are left out."""

    slug: str
    title: str
    x_label: str
    y_label: str
    series: Sequence[Series]
    note: str = ""
    #: Whether ticks are whole numbers only.
    x_integer: bool = field(default=False)
    y_integer: bool = False
    #: Axes with powers of two: "", "x" or "xy".
    log: str = ""

    @property
    def empty(self) -> bool:
        return not any(np.isfinite(np.asarray(series.y, dtype=float)).any() for series in self.series)


@dataclass(frozen=True)
class Bars:
    """Horizontal bars: ``values[name]`` has a number for each category."""

    slug: str
    title: str
    x_label: str
    categories: Sequence[str]
    values: dict[str, Sequence[float]]
    note: str = ""

    @property
    def empty(self) -> bool:
        return not self.categories


@dataclass(frozen=True)
class Intervals:
    """A mean and its interval for each row: ``rows`` are name, mean, half the width (NaN: none) and colour."""

    slug: str
    title: str
    x_label: str
    rows: Sequence[tuple[str, float, float, int]]
    note: str = ""
    #: Whether 0 is marked: intervals that hold it are no sure difference.
    zero: bool = False

    @property
    def empty(self) -> bool:
        return not self.rows


@dataclass(frozen=True)
class Graph:
    """Edges are numbers of two nodes and a value for each of the layers; the first layer holds the others, as a whole
    its parts: all migrants, those that were accepted, those of them that live."""

    slug: str
    title: str
    nodes: Sequence[str]
    edges: Sequence[tuple[int, int, Sequence[float]]]
    layers: Sequence[str]
    note: str = ""

    @property
    def empty(self) -> bool:
        return not self.edges


Figure = Union[Chart, Bars, Intervals, Graph]


def thinned(x: np.ndarray, y: np.ndarray, points: int = MOST_POINTS,
            figure: Callable[[np.ndarray], float] = np.mean) -> tuple[np.ndarray, np.ndarray]:
    """Means of neighbours, or another figure of them, at most as many as asked for.

    >>> thinned(np.arange(4), np.array([1.0, 3.0, 5.0, 7.0]), 2)[1].tolist()
    [2.0, 6.0]
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) <= points:
        return x, y
    edges = np.linspace(0, len(x), points + 1).astype(int)
    spans = [slice(a, b) for a, b in zip(edges[:-1], edges[1:])]
    parts = [y[span][np.isfinite(y[span])] for span in spans]
    return (np.array([x[span].mean() for span in spans]),
            np.array([figure(part) if len(part) else np.nan for part in parts]))


def power_ticks(low: float, high: float, count: int = 8) -> list[float]:
    """Powers of two within the range, all or every second, third, ... one.

    >>> power_ticks(0.9, 70)
    [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    """
    first, last = int(np.ceil(np.log2(low) - 1e-9)), int(np.floor(np.log2(high) + 1e-9))
    return [2.0**i for i in range(first, last + 1, max(-(-(last - first + 1) // count), 1))]


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers within the range.

    >>> ticks(0.0, 9.7)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    span = high - low
    if not span > 0:
        return [low]
    raw = span / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.75)
    first = np.ceil(low / step - 1e-9)
    return [float(np.round(i * step, 12)) + 0.0 for i in np.arange(first, np.floor(high / step + 1e-9) + 1)]
