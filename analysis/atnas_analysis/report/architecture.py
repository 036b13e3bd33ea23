# SPDX-License-Identifier: Apache-2.0
"""Encodes: the best one drawn, how often operations were trained and chosen, the front of accuracy against cost."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from ..drawing import cell_svgs
from ..space import CELLS
from .chart import MOST_POINTS, Bars, Chart, Figure, Mark, Series, thinned
from .html_table import html_table
from .source import Source
from .svg import svg_chart

#: Points of a chart.
MOST_FORMER = 1000
MOST_PLACE_POINTS = 60

TITLES = {"normal": "normal cells", "reduce": "reduction cells"}


def non_dominated(cost: np.ndarray, fitness: np.ndarray) -> np.ndarray:
    """Indices of those that nobody beats in both, by rising cost.

    >>> non_dominated(np.array([3, 1, 2]), np.array([0.9, 0.5, 0.4])).tolist()
    [1, 0]
    """
    best, kept = -np.inf, []
    for i in np.lexsort((-fitness, cost)):
        if fitness[i] > best:
            best = fitness[i]
            kept.append(int(i))
    return np.array(kept, dtype=int)


def front_charts(source: Source) -> list[Chart]:
    """Those who live now, those of before, and the last front of a search by several objectives."""
    living = source.checkpoint.candidates
    living = living[living["fitness"].astype(float) >= 0].drop_duplicates("encode")
    if living.empty:
        return []
    former = source.checkpoint.individuals
    former = former[(former["fitness"].astype(float) >= 0) & ~former["id"].isin(source.checkpoint.islands["id"])]
    # Who was dropped after a round of racing saw few tasks.
    former = former[former["rounds"] >= living["rounds"].max()].tail(MOST_FORMER)
    note = (f"Those of before are the newest {MOST_FORMER} at most, as they were judged first: other generations judged "
            "by other tasks.") if len(former) else ""
    recorded = source.checkpoint.front
    if len(recorded):
        recorded = recorded[recorded["generation"] == recorded["generation"].max()]
    charts = []
    for name, title in (("macs", "multiply-accumulates for one image"), ("parameters", "parameters")):
        cost, fitness = living[name].to_numpy(dtype=float), living["fitness"].to_numpy(dtype=float)
        labels = [f"{encode} (island {island})" for encode, island in zip(living["encode"], living["island"])]
        series = []
        if len(former):
            series.append(Series("individuals of before", former[name].to_numpy(dtype=float),
                                 100 * former["fitness"].to_numpy(dtype=float), Mark.POINTS, faint=True))
        series.append(Series("individuals that live now", cost, 100 * fitness, Mark.POINTS, labels=labels))
        front = non_dominated(cost, fitness)
        series.append(Series("front of those that live", cost[front], 100 * fitness[front]))
        if len(recorded):
            order = np.argsort(recorded[name].to_numpy())
            series.append(Series("front of the last generation", recorded[name].to_numpy(dtype=float)[order],
                                 100 * recorded["fitness"].to_numpy()[order]))
        charts.append(Chart(f"front-{name}", f"Fitness against {title}", title, "fitness in %", series, note))
    return charts


def hypervolume_chart(source: Source) -> list[Chart]:
    front = source.checkpoint.front
    if front.empty:
        return []
    table = front.groupby("generation")["hypervolume"].first()
    return [Chart("hypervolume", "Hypervolume of the front", "generation", "hypervolume",
                  [Series("", *thinned(table.index.to_numpy(), table.to_numpy()))], x_integer=True)]


def training_bars(source: Source) -> list[Bars]:
    training = source.checkpoint.training
    if training.empty:
        return []
    table = training.pivot_table(index="operation", columns="cell", values="tasks", aggfunc="sum", sort=False)
    cells = [cell for cell in CELLS if cell in table]
    return [Bars("training", "How often operations were trained", "tasks, added up over the places in a cell",
                 list(table.index), {TITLES[cell]: table[cell].tolist() for cell in cells})]


def operation_shares(genes: np.ndarray, generations: np.ndarray, operations: Sequence[str], points: int) -> list[Series]:
    """Of each operation in genes [rows, places], by the generation of the row."""
    series = []
    for value, operation in enumerate(operations):
        share = pd.Series((genes == value).mean(axis=1)).groupby(generations).mean()
        series.append(Series(operation, *thinned(share.index.to_numpy(), 100 * share.to_numpy(), points)))
    return series


def choice_charts(source: Source) -> list[Chart]:
    """Shares of the operations in the best encodes of all islands."""
    checkpoint, space = source.checkpoint, source.checkpoint.space
    genotypes = checkpoint.history_genotypes
    if not space.preset or genotypes.ndim != 2 or not len(genotypes):
        return []
    generations = checkpoint.history["generation"].to_numpy()
    charts = []
    for cell in space.used:
        series = operation_shares(genotypes[:, space.operation_genes(cell)], generations, space.operations, MOST_POINTS)
        charts.append(Chart(f"choices-{cell}", f"Operations in the best encodes, {TITLES[cell]}", "generation",
                            "share of the edges in %", series, x_integer=True))
    return charts


def place_charts(source: Source) -> list[Chart]:
    """Shares of the operations at each place of a cell, in the encodes that were new in each generation."""
    checkpoint, space = source.checkpoint, source.checkpoint.space
    if not space.preset or checkpoint.individuals.empty:
        return []
    genotypes, births = checkpoint.array("/individuals/genotypes"), checkpoint.individuals["birth"].to_numpy()
    charts = []
    for cell in space.used:
        for place, gene in enumerate(space.operation_genes(cell)):
            node, which = 2 + place // 2, "ab"[place % 2]
            series = operation_shares(genotypes[:, [gene]], births, space.operations, MOST_PLACE_POINTS)
            charts.append(Chart(f"choices-{cell}-{node}{which}", f"Node {node}, operation {which}, {TITLES[cell]}",
                                "generation", "share of those born in %", series, x_integer=True))
    return charts


def succession(source: Source) -> str:
    """When the best encode of all islands changed."""
    metrics = source.metrics
    if metrics.empty or not {"generation", "best_fitness", "encode"} <= set(metrics.columns):
        return ""
    changed = metrics[metrics["encode"] != metrics["encode"].shift()]
    fitness = pd.to_numeric(changed["best_fitness"], errors="coerce")
    shown = [f"{100 * value:.2f} %" if value >= 0 else "-" for value in fitness]
    rows = [[str(int(row["generation"])), text, str(row["encode"])]
            for text, (_, row) in list(zip(shown, changed.iterrows()))[-20:]]
    return ("<h3>How the best encode changed</h3><p>The newest 20 changes at most.</p>"
             + html_table(["generation", "fitness", "encode"], rows, "code"))


def cells(source: Source) -> str:
    genotype = source.checkpoint.genotype
    if genotype is None:
        return ""
    if not genotype.cells:
        return f"<p>All networks of the space {escape(genotype.space)} are the same: there is nothing to draw.</p>"
    used = source.checkpoint.space.used
    pictures = "".join(f'<div class="wide">{svg}</div>' for name, svg in cell_svgs(genotype).items() if name in used)
    return (f"{pictures}<p>A node adds up its two operations; c[k-1] and c[k-2] are the outputs of the two cells "
            f"before.</p><p><code>{escape(str(genotype))}</code></p>")


def charts(source: Source) -> list[Figure]:
    return [*front_charts(source), *hypervolume_chart(source), *training_bars(source), *choice_charts(source),
            *place_charts(source)]


def front_section(source: Source) -> str:
    return "".join(map(svg_chart, front_charts(source) + hypervolume_chart(source)))


def operation_section(source: Source) -> str:
    places = place_charts(source)
    more = (f'<details><summary>Operations at each place of the cells</summary><p>Of the individuals that were born in a '
            f'generation.</p><div class="charts">{"".join(map(svg_chart, places))}</div></details>') if places else ""
    return "".join(map(svg_chart, [*training_bars(source), *choice_charts(source)])) + more
