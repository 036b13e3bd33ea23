# SPDX-License-Identifier: Apache-2.0
"""Who lives on which island, and where they come from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..text_table import si
from .html_table import html_table
from .source import Source

MOST_ROWS = 64


def fitness_text(fitness: float) -> str:
    """
    >>> fitness_text(0.85), fitness_text(float("nan")), fitness_text(-1)
    ('85.00 %', 'not judged yet', 'no finite loss')
    """
    if pd.isna(fitness):
        return "not judged yet"
    return f"{100 * fitness:.2f} %" if fitness >= 0 else "no finite loss"


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
        rows.append([str(row["id"]), str(row["island"]), fitness_text(row["fitness"]), str(row["birth"]), str(row["age"]),
                     parent_text(row["parent_a"], living), parent_text(row["parent_b"], living), si(row["macs"]),
                     si(row["parameters"]), row["encode"]])
    head = ["id", "island", "fitness", "born in", "age", "parent", "parent", "MACs", "parameters", "encode"]
    more = f"<p>and {len(frame) - MOST_ROWS} more</p>" if len(frame) > MOST_ROWS else ""
    return "<p>Ages are generations.</p>" + html_table(head, rows, "last-code") + more


def ancestors(source: Source) -> str:
    """Of the best individual, as far back as the file knows them, and as they were when they were judged first."""
    checkpoint = source.checkpoint
    best = checkpoint.best
    if best is None:
        return ""
    living = checkpoint.islands
    frame = pd.concat([checkpoint.individuals, living], ignore_index=True) if len(checkpoint.individuals) else living
    arrays = [checkpoint.array(group + "/genotypes") for group in ("/individuals", "/islands") if checkpoint.has(group)]
    genes = np.concatenate([array.reshape(int(np.prod(array.shape[:-1])), array.shape[-1]) for array in arrays])
    place: dict[int, int] = {}
    for row, identity in enumerate(frame["id"]):
        place.setdefault(int(identity), row)
    rows, queue, seen = [], [(0, int(best["id"]), None)], set()
    while queue and len(rows) < MOST_ROWS:
        step, identity, child = queue.pop(0)
        if identity in seen or identity < 0:
            continue
        seen.add(identity)
        if identity not in place:
            rows.append([str(step), str(identity), "", "", "is not in the file", ""])
            continue
        row = frame.iloc[place[identity]]
        differing = ""
        if child is not None and genes.shape[1]:
            differing = f"{int((genes[place[identity]] != genes[child]).sum())} of {genes.shape[1]}"
        rows.append([str(step), str(identity), str(row["island"]), str(row["birth"]), fitness_text(row["fitness"]),
                     differing])
        queue += [(step + 1, int(row[name]), place[identity]) for name in ("parent_a", "parent_b")]
    fitness = "fitness when judged first" if len(checkpoint.individuals) else "fitness"
    head = ["steps back", "id", "island", "born in", fitness, "genes that its child changed"]
    more = "<p>and older ones</p>" if any(identity >= 0 and identity not in seen for _, identity, _ in queue) else ""
    return "<h3>Ancestors of the best</h3>" + html_table(head, rows) + more
