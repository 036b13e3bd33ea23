# SPDX-License-Identifier: Apache-2.0
"""Loss, fitness and speed over time."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..text_table import si
from .chart import MOST_POINTS, Bars, Chart, Mark, Series, thinned
from .html_table import html_table
from .source import Source
from .svg import svg_chart

MOST_ISLANDS = 8
MOST_RANKS = 64
SHORTEST = 0.005  # phases below this share of the longest are left out


def loss_chart(source: Source) -> Chart:
    loss = source.checkpoint.iteration_loss.astype(float)
    x = np.arange(1, len(loss) + 1)
    window = max(len(loss) // 50, 1)
    smooth = pd.Series(loss).replace([np.inf, -np.inf], np.nan).rolling(window, min_periods=1).mean().to_numpy()
    series = [Series("", *thinned(x, loss), colour=0, faint=True), Series("mean query loss", *thinned(x, smooth), colour=0)]
    note = f"Bold: the mean of the last {window} iterations." if window > 1 else ""
    return Chart("loss", "Query loss", "step" if source.checkpoint.trains else "meta-iteration", "loss", series, note,
                 x_integer=True)


@dataclass(frozen=True)
class IslandFigure:
    """A column of the history, and how it is drawn."""

    column: str
    slug: str
    title: str
    axis: str
    largest: str  # what the island with the largest value is called
    scale: int = 100
    integer: bool = False


ISLAND_FIGURES = (
    IslandFigure("best", "fitness-best", "Best fitness", "fitness in %", "best island"),
    IslandFigure("mean", "fitness-mean", "Mean fitness", "fitness in %", "best island"),
    IslandFigure("spread", "fitness-spread", "Spread of fitness within islands", "standard deviation in points", "largest"),
    IslandFigure("encodes", "diversity-islands", "Different encodes within islands", "encodes", "largest", 1, True),
)


def island_charts(source: Source) -> list[Chart]:
    """By island where there are few, else the band of all."""
    history = source.checkpoint.history
    # Older programs kept no spread and no encodes; where nobody had a finite loss, fitness is -1 and nothing is spread.
    unknown = (history["encodes"] == 0) | (history["mean"] < 0)
    history = history.assign(spread=history["spread"].mask(unknown), encodes=history["encodes"].mask(unknown))
    charts = []
    for figure in ISLAND_FIGURES:
        known = history[history[figure.column].notna()]
        if known.empty:
            continue
        table = figure.scale * known.pivot_table(index="generation", columns="island", values=figure.column)
        table = table.where(table >= 0)
        x = table.index.to_numpy(dtype=float)
        means = "Lines are means of neighbouring generations." if len(x) > MOST_POINTS else ""
        if table.shape[1] <= MOST_ISLANDS:
            series = [Series(f"island {island}", *thinned(x, table[island].to_numpy())) for island in table]
            note = means
        else:
            at, low = thinned(x, table.min(axis=1).to_numpy(), figure=np.min)
            high = thinned(x, table.max(axis=1).to_numpy(), figure=np.max)[1]
            series = [Series("", at, low, Mark.BAND, high, colour=0),
                      Series("median island", *thinned(x, table.median(axis=1).to_numpy()), colour=0),
                      Series(figure.largest, *thinned(x, table.max(axis=1).to_numpy()), colour=1)]
            note = f"The band holds all {table.shape[1]} islands. {means}".strip()
        charts.append(Chart(figure.slug, f"{figure.title} by generation", "generation", figure.axis, series, note,
                            x_integer=True, y_integer=figure.integer))
    return charts


def diversity_chart(source: Source) -> list[Chart]:
    """How many encodes are the best of an island at a time."""
    checkpoint = source.checkpoint
    genotypes = checkpoint.history_genotypes
    if genotypes.ndim != 2 or not genotypes.size or genotypes.shape[1] == 0:
        return []
    codes = pd.Series([genes.tobytes() for genes in genotypes])
    table = codes.groupby(checkpoint.history["generation"].to_numpy()).nunique()
    return [Chart("diversity", "Different encodes among the best of the islands", "generation", "encodes",
                  [Series("", *thinned(table.index.to_numpy(), table.to_numpy()))], x_integer=True, y_integer=True)]


def charts(source: Source) -> list[Chart]:
    found = [loss_chart(source)]
    if not source.checkpoint.trains and len(source.checkpoint.history):
        found += island_charts(source) + diversity_chart(source)
    return found


def section(source: Source) -> str:
    return "".join(map(svg_chart, charts(source)))


def phases(source: Source) -> list[Bars]:
    """Of ``search --json``."""
    table = (source.summary or {}).get("phases", {})
    longest = max((value["max"] for value in table.values()), default=0)
    names = [name for name, value in table.items() if value["max"] > SHORTEST * longest]
    if not names:
        return []
    parts = ("min", "avg", "max") if (source.summary or {}).get("ranks", 1) > 1 else ("max",)
    return [Bars("phases", "Time by phase", "seconds of the newest process", names,
                 {part: [table[name][part] for name in names] for part in parts},
                 "Over ranks; waiting: for other ranks. Phases below 0.5 % of the longest are left out.")]


def speed_charts(source: Source) -> list[Chart]:
    metrics = source.metrics
    found = []
    for place, speed, what in (("generation", "tasks_per_s", "tasks"), ("step", "images_per_s", "images")):
        if {place, speed} <= set(metrics.columns):
            rows = metrics[metrics[place].notna()]
            x, y = thinned(rows[place].to_numpy(), pd.to_numeric(rows[speed], errors="coerce").to_numpy())
            found.append(Chart("speed", "Speed", place, f"{what} per second", [Series("", x, y)], x_integer=True))
    return found


def idle_bars(source: Source) -> list[Bars]:
    idle = ((source.summary or {}).get("work") or {}).get("idle_seconds")
    if not isinstance(idle, list) or len(idle) < 2:  # one rank waits for nobody
        return []
    return [Bars("idle", "Time that ranks waited", "seconds", [f"rank {i}" for i in range(len(idle))][:MOST_RANKS],
                 {"idle": [float(value) for value in idle][:MOST_RANKS]})]


def time_section(source: Source) -> str:
    rows = [[file.name, f"{si(file.bytes)}B", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(file.written))]
            for file in source.files]
    text = "".join(map(svg_chart, speed_charts(source)))
    text += "".join(map(svg_chart, phases(source) + idle_bars(source)))
    if not phases(source):
        text += "<p>Seconds by phase and rank are there when the search has ended or stopped.</p>"
    return text + ("<h3>Checkpoints that are kept</h3>" + html_table(["file", "size", "written"], rows) if rows else "")
