# SPDX-License-Identifier: Apache-2.0
"""Who lives on which island, where they come from, who migrated."""

from __future__ import annotations

import pandas as pd

from ..text_table import si
from .chart import Chart, Series, thinned
from .html_table import html_table
from .source import Source
from .svg import svg_chart

MOST_ROWS, MOST_ROUTES = 64, 32


def charts(source: Source) -> list[Chart]:
    """How many migrants were accepted, by generation."""
    migrations = source.checkpoint.migrations
    if migrations.empty:
        return []
    table = migrations.groupby(["generation", "admission"]).size().unstack(fill_value=0)
    x = table.index.to_numpy(dtype=float)
    return [Chart("migrants", "What became of migrants", "generation", "migrants",
                  [Series(str(name), *thinned(x, table[name].to_numpy())) for name in table], x_integer=True)]


def routes(source: Source) -> str:
    migrations = source.checkpoint.migrations
    if migrations.empty:
        return "<p>Nobody migrated so far.</p>"
    table = migrations.groupby(["from", "to"])["admission"].agg(
        migrants="size", accepted=lambda values: (values == "accepted").sum()).reset_index()
    table = table.sort_values("migrants", ascending=False, kind="stable")
    rows = [[str(row["from"]), str(row["to"]), str(row["migrants"]), str(row["accepted"]),
             f"{100 * row['accepted'] / row['migrants']:.0f} %"] for _, row in table.head(MOST_ROUTES).iterrows()]
    more = f"<p>and {len(table) - MOST_ROUTES} more routes</p>" if len(table) > MOST_ROUTES else ""
    return html_table(["from island", "to island", "migrants", "accepted", "share"], rows) + more


def parent_text(parent: int, living: set[int]) -> str:
    if parent < 0:
        return "-"
    return f"{parent}" + (" (lives)" if parent in living else "")


def lineage(source: Source) -> str:
    """The population with its parents, the best first."""
    frame = source.checkpoint.islands
    if frame.empty:
        return ""
    living = set(frame["id"])
    frame = frame.sort_values("fitness", ascending=False, kind="stable", na_position="last")
    rows = []
    for _, row in frame.head(MOST_ROWS).iterrows():
        fitness = "not judged yet" if pd.isna(row["fitness"]) else "no finite loss"
        if row["fitness"] >= 0:
            fitness = f"{100 * row['fitness']:.2f} %"
        rows.append([str(row["id"]), str(row["island"]), fitness, str(row["birth"]), str(row["age"]),
                     parent_text(row["parent_a"], living), parent_text(row["parent_b"], living), si(row["macs"]),
                     si(row["parameters"]), row["encode"]])
    head = ["id", "island", "fitness", "born in", "age", "parent", "parent", "MACs", "parameters", "encode"]
    more = f"<p>and {len(frame) - MOST_ROWS} more</p>" if len(frame) > MOST_ROWS else ""
    return ("<p>Ages are generations. The file holds those who live now: of parents that are gone it knows the numbers "
            "alone.</p>" + html_table(head, rows, "last-code") + more)


def migration_section(source: Source) -> str:
    return "".join(map(svg_chart, charts(source))) + routes(source)
