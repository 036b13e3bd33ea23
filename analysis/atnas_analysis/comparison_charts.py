# SPDX-License-Identifier: Apache-2.0
"""A comparison drawn: accuracies with their intervals, and differences from the first run."""

from __future__ import annotations

import pandas as pd

from .report.chart import Intervals

PAIRED, UNPAIRED = 0, 5  # colours


def charts_of(frame: pd.DataFrame) -> list[Intervals]:
    """Of what ``compare`` returns: for each kind of tasks its accuracies, then the differences."""
    found = []
    for number, (kind, rows) in enumerate(frame.groupby("kind", sort=False)):
        slug, seen = f"accuracy-{number}", rows["seen"].any()
        names = rows["run"] + rows["seen"].map({True: " *", False: ""})
        found.append(Intervals(slug, f"Accuracy, {kind}", "accuracy in %, 95 % intervals",
                               [(name, 100 * row.accuracy, 100 * row.ci95, PAIRED)
                                for name, row in zip(names, rows.itertuples())],
                               "* The search used some of these classes." if seen else ""))
        others = rows[rows["difference"].notna()]
        if len(others):
            found.append(Intervals(f"difference-{number}", f"Difference from {rows['run'].iloc[0]}, {kind}",
                                   "percentage points, 95 % intervals",
                                   [(row.run, 100 * row.difference, 100 * row.difference_ci95,
                                     PAIRED if row.paired else UNPAIRED) for row in others.itertuples()],
                                   note_on(others), zero=True))
    return found


def note_on(rows: pd.DataFrame) -> str:
    text = "An interval that holds 0 is no sure difference."
    if rows["paired"].all():
        return text + " All judged the same tasks: differences are taken task by task."
    if rows["paired"].any():
        return text + " Blue: of the same tasks, task by task. Grey: of other tasks."
    return text + " They judged other tasks than the first."
