# SPDX-License-Identifier: Apache-2.0
"""Speed-up, efficiency and the model of a scaling study, as a table and as charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..problem import Problem
from ..report.chart import Chart, Mark, Series
from ..text_table import si, table
from . import cost, fit
from .series import compare, medians, repeats
from .table import Row

NOTE = ("Points: medians of the repeats, bars from the lowest to the highest; lines: the cost model fitted to them; "
        "thin: perfect.")


@dataclass(frozen=True)
class Curve:
    """Points of one series by rising ranks: [ranks] each, but ``repeats``. ``model``: efficiency that the cost model
    says, None where it could not be fitted."""

    name: str
    repeats: dict[int, list[Row]]
    model: np.ndarray | None

    @property
    def ranks(self) -> np.ndarray:
        return np.array(list(self.repeats), dtype=float)

    @property
    def fewest(self) -> int:
        return min(self.repeats)

    def column(self, name: str, how=np.median) -> np.ndarray:
        """A figure of the repeats of each number of ranks."""
        return np.array([how([row[name] for row in like]) for like in self.repeats.values()])


@dataclass(frozen=True)
class Study:
    """All tables together: their series, and for every deck what the model is fitted to, or why it is not."""

    curves: list[Curve]
    fits: dict[str, fit.Fit]
    notes: list[str]

    @staticmethod
    def of(rows: Sequence[Row]) -> Study:
        compare(rows)
        rows = sorted(rows, key=lambda row: (row["deck"], row["kind"], row["ranks"], row["repeat"]))
        fits, notes = {}, []
        for deck in dict.fromkeys(row["deck"] for row in rows):
            try:
                fits[deck] = fit.fit(rows, deck)
                notes += [f"{deck}: {note}" for note in fits[deck].notes]
            except Problem as problem:
                notes.append(f"no model of {deck}: {problem}")
        return Study([curve_of(by_ranks, fits.get(like[1]), name)
                      for name, (like, by_ranks) in zip(names_of(repeats(rows)), repeats(rows).items())], fits, notes)


def names_of(series: Sequence[tuple]) -> list[str]:
    """As short as they differ.

    >>> names_of([("strong", "a", "exact", "shared", 9, 4.0, 8.0, False), ("weak", "a", "exact", "shared", 9, 1.0, 2.0,
    ...           False)])
    ['a, strong', 'a, weak']
    """
    short = [f"{deck}, {kind}" for kind, deck, *_ in series]
    return [name if short.count(name) == 1 else
            f"{name}, {reduction}, {work}, {si(weights)} weights, {islands:g} islands, {batch:g} tasks"
            + (", generations" if generations else "")
            for name, (_, _, reduction, work, weights, islands, batch, generations) in zip(short, series)]


def curve_of(by_ranks: dict[int, list[Row]], fitted: fit.Fit | None, name: str) -> Curve:
    by_ranks = dict(sorted(by_ranks.items()))
    if fitted is None:
        return Curve(name, by_ranks, None)
    settings = [fit.setting_of(like[0]) for like in by_ranks.values()]
    fewest = settings[0]
    return Curve(name, by_ranks, np.array([cost.speedup(setting, fewest, fitted.costs) * fewest.ranks / setting.ranks
                                           for setting in settings]))


def text_of(study: Study) -> str:
    """One line for each series and number of ranks: medians of the repeats."""
    rows = []
    for curve in study.curves:
        for i, (ranks, like) in enumerate(curve.repeats.items()):
            middle, first = medians(like), like[0]
            seconds = middle["seconds_per_iteration"]
            shares = [f"{100 * np.median([row[name + '_avg'] for row in like]) / seconds:.1f} %"
                      for name in ("waiting", "reduction")]
            model = "" if curve.model is None else f"{100 * curve.model[i]:.1f} %"
            rows.append([curve.name, str(ranks), str(first["islands"]), str(first["batch"]), f"{1e3 * seconds:.1f}",
                         f"{middle['tasks_per_s']:.2f}", f"{middle['speedup']:.2f}", f"{100 * middle['efficiency']:.1f} %",
                         model, *shares])
    head = ["deck, scaling", "ranks", "islands", "tasks", "ms", "tasks/s", "speed-up", "efficiency", "model", "waiting",
            "reduction"]
    lines = [table(head, rows), "ms and tasks: of an iteration; waiting and reduction: shares of its time, mean over ranks"]
    for deck, fitted in study.fits.items():
        costs = fitted.costs
        lines.append(f"model of {deck}: a task {1e3 * costs.task:.4g} ms, {100 * costs.contention:.1f} % more for each "
                     f"other rank of the node, spread {100 * costs.spread:.0f} %")
    return "\n".join(lines + [f"note: {note}" for note in study.notes])


def measured(curve: Curve, colour: int, name: str, factor: float = 1.0) -> Series:
    low, middle, high = (factor * curve.column(name, how) for how in (np.min, np.median, np.max))
    labels = [f"{len(like)} repeat(s), {like[0]['islands']} islands, {like[0]['batch']} tasks"
              for like in curve.repeats.values()]
    return Series(curve.name, curve.ranks, middle, Mark.POINTS, high, low, labels, colour)


def charts_of(study: Study) -> list[Chart]:
    """Speed-up and efficiency against ranks, of all series."""
    speedup, efficiency = [], []
    for colour, curve in enumerate(study.curves):
        if curve.model is not None:
            speedup.append(Series("", curve.ranks, curve.model * curve.ranks / curve.fewest, colour=colour))
            efficiency.append(Series("", curve.ranks, 100 * curve.model, colour=colour))
        speedup.append(measured(curve, colour, "speedup"))
        efficiency.append(measured(curve, colour, "efficiency", 100))
    for fewest in sorted({curve.fewest for curve in study.curves}):
        ranks = np.unique(np.concatenate([curve.ranks for curve in study.curves if curve.fewest == fewest]))
        speedup.append(Series("", ranks, ranks / fewest, colour=5, faint=True))
        efficiency.append(Series("", ranks, np.full(len(ranks), 100.0), colour=5, faint=True))
    return [Chart("speed-up", "Speed-up over the fewest ranks, in tasks per second", "MPI ranks", "speed-up", speedup,
                  NOTE, log="xy"),
            Chart("efficiency", "Parallel efficiency", "MPI ranks", "efficiency in %", efficiency, NOTE, log="x")]


def title_of(paths: Sequence[str], rows: Sequence[Row]) -> str:
    hosts = len({row["host"] for row in rows})
    names = ", ".join(dict.fromkeys(Path(path).stem for path in paths))
    return f"Scaling study {names}: {len(rows)} runs on {hosts} host{'s' if hosts > 1 else ''}"
