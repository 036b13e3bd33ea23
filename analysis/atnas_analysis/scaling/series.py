# SPDX-License-Identifier: Apache-2.0
"""Points that may be compared, and their speed-up."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from .table import Row

MEDIANS = ("seconds_per_iteration", "tasks_per_s", "speedup", "efficiency")


def series(row: Row) -> tuple:
    """The same for points of the same work (strong) or of the same work per rank (weak)."""
    by = row["ranks"] if row["kind"] == "weak" else 1
    return (row["kind"], row["deck"], row["reduction"], row["work"], row["weights"],
            row["islands"] / by, row["batch"] / by, row["generations"] > 0)


def compare(rows: Sequence[Row]) -> None:
    """Adds speed-up and efficiency, both against the median of the fewest ranks of the row's series."""
    for row in rows:
        like = [other for other in rows if series(other) == series(row)]
        fewest = min(other["ranks"] for other in like)
        base = statistics.median(other["tasks_per_s"] for other in like if other["ranks"] == fewest)
        row["speedup"] = row["tasks_per_s"] / base
        row["efficiency"] = row["speedup"] * fewest / row["ranks"]


def repeats(rows: Sequence[Row]) -> dict[tuple, dict[int, list[Row]]]:
    """series -> ranks -> its repeats, in the order of the rows."""
    found: dict[tuple, dict[int, list[Row]]] = {}
    for row in rows:
        found.setdefault(series(row), {}).setdefault(row["ranks"], []).append(row)
    return found


def medians(like: Sequence[Row]) -> dict[str, float]:
    """Of repeats."""
    return {name: statistics.median(row[name] for row in like) for name in MEDIANS}
