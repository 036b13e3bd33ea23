# SPDX-License-Identifier: Apache-2.0
"""Who migrated, and what became of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..checkpoint import ADMISSIONS, Checkpoint
from .chart import Chart, Figure, Graph, Series, thinned
from .html_table import html_table
from .source import Source
from .svg import svg_chart

MOST_ROUTES, MOST_ISLANDS, MOST_ARROWS, MOST_MIGRANTS = 32, 48, 160, 100


def survivors(checkpoint: Checkpoint) -> np.ndarray:
    """For each migrant: whether its encode lives on the island that accepted it, which accepted none of it later."""
    migrations = checkpoint.migrations
    if migrations.empty:
        return np.zeros(0, dtype=bool)
    living = [{genes.tobytes() for genes in island} for island in checkpoint.genotypes]
    genotypes = checkpoint.array("/migrations/genotypes")
    if len(genotypes) != len(migrations):
        raise checkpoint.damaged("/migrations/genotypes has another length than /migrations/to")
    lives = np.zeros(len(migrations), dtype=bool)
    islands, admissions = migrations["to"].to_numpy(), migrations["admission"].to_numpy()
    newest: set[tuple[int, bytes]] = set()
    for row in reversed(range(len(migrations))):
        key = (int(islands[row]), genotypes[row].tobytes())
        if admissions[row] == "accepted" and key not in newest:
            newest.add(key)
            lives[row] = key[1] in living[key[0]]
    return lives


def routes(checkpoint: Checkpoint) -> pd.DataFrame:
    """One row for each pair of islands, those with the most migrants first: ``from``, ``to``, ``migrants``,
    ``accepted`` and ``live``."""
    migrations = checkpoint.migrations.assign(live=survivors(checkpoint))
    table = migrations.groupby(["from", "to"]).agg(
        migrants=("admission", "size"), accepted=("admission", lambda values: int((values == "accepted").sum())),
        live=("live", "sum")).reset_index()
    return table.sort_values("migrants", ascending=False, kind="stable")


def graph(source: Source) -> list[Graph]:
    """Of islands and the routes between them; none for very many islands, whose names could not be read."""
    checkpoint = source.checkpoint
    if checkpoint.migrations.empty or len(checkpoint.genotypes) > MOST_ISLANDS:
        return []
    table = routes(checkpoint)
    edges = [(int(row["from"]), int(row["to"]), (row["migrants"], row["accepted"], row["live"]))
             for _, row in table.head(MOST_ARROWS).iterrows()]
    note = "Arrows are as thick as migrants were many. An encode lives where it is on that island now."
    if len(table) > MOST_ARROWS:
        note += f" Of {len(table)} routes the {MOST_ARROWS} with the most migrants are shown."
    return [Graph("migration-routes", "Migrants between islands", [str(i) for i in range(len(checkpoint.genotypes))], edges,
                  ("migrants", "accepted", "encode lives"), note)]


def admission_chart(source: Source) -> list[Chart]:
    """How many migrants were accepted, by generation."""
    migrations = source.checkpoint.migrations
    if migrations.empty:
        return []
    table = migrations.groupby(["generation", "admission"]).size().unstack(fill_value=0)
    table = table.reindex(columns=ADMISSIONS, fill_value=0)
    x = table.index.to_numpy(dtype=float)
    return [Chart("migrants", "What became of migrants", "generation", "migrants",
                  [Series(str(name), *thinned(x, table[name].to_numpy())) for name in table], x_integer=True,
                  y_integer=True)]


def charts(source: Source) -> list[Figure]:
    return [*graph(source), *admission_chart(source)]


def route_table(source: Source) -> str:
    if source.checkpoint.migrations.empty:
        return "<p>Nobody migrated so far.</p>"
    table = routes(source.checkpoint)
    rows = [[str(row["from"]), str(row["to"]), str(row["migrants"]), str(row["accepted"]),
             f"{100 * row['accepted'] / row['migrants']:.0f} %", str(row["live"])]
            for _, row in table.head(MOST_ROUTES).iterrows()]
    more = f"<p>and {len(table) - MOST_ROUTES} more routes</p>" if len(table) > MOST_ROUTES else ""
    return html_table(["from island", "to island", "migrants", "accepted", "share", "encode lives"], rows) + more


def newest_migrants(source: Source) -> str:
    """One by one, the newest first."""
    migrations = source.checkpoint.migrations.assign(lives=survivors(source.checkpoint))
    if migrations.empty:
        return ""
    shown = migrations.tail(MOST_MIGRANTS).iloc[::-1]
    rows = [[str(row["generation"]), str(row["from"]), str(row["to"]),
             f"{100 * row['fitness']:.2f} %" if row["fitness"] >= 0 else "-", str(row["admission"]),
             "lives" if row["lives"] else ""] for _, row in shown.iterrows()]
    return (f"<details><summary>The newest migrants: {len(shown)} of {len(migrations)}</summary>"
            + html_table(["generation", "from island", "to island", "fitness where it left", "admission", "encode"], rows)
            + "</details>")


def section(source: Source) -> str:
    return "".join(map(svg_chart, charts(source))) + route_table(source) + newest_migrants(source)
