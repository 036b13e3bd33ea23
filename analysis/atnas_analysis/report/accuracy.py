# SPDX-License-Identifier: Apache-2.0
"""Accuracy on tasks of ``atnas evaluate``."""

from __future__ import annotations

import numpy as np

from ..evaluation import Result
from .chart import Chart, Series
from .html_table import html_table
from .source import Source
from .svg import svg_chart

BINS = 20


def counts_of(accuracy: np.ndarray) -> np.ndarray:
    """Tasks by accuracy, [BINS]; a share such as 0.15 counts in the bin that begins there, whatever its last bit.

    >>> counts_of(np.array([3 * 0.05, 0.15, 0.6, 1.0])).nonzero()[0].tolist()
    [3, 12, 19]
    """
    bins = np.floor(accuracy[np.isfinite(accuracy)] * BINS + 1e-9).astype(int)
    return np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS)


def charts(source: Source) -> list[Chart]:
    """How the accuracies of single tasks are spread."""
    edges = np.linspace(0, 1, BINS + 1)
    series = []
    for file, _, result in source.results[:6]:
        counts = counts_of(result.tasks["accuracy"].to_numpy(dtype=float))
        series.append(Series(f"{file} {result.kind}" if len(source.results) > 1 else "", 100 * np.repeat(edges, 2)[1:-1],
                             np.repeat(100 * counts / max(len(result.tasks), 1), 2)))
    return [Chart("task-accuracy", "Tasks by their accuracy", "accuracy of a task in %", "share of the tasks in %",
                  series)] if series else []


def judged(source: Source, result: Result) -> str:
    """The iteration, and that of the run where it went on since."""
    if result.iteration is None:
        return "?"
    return str(result.iteration) + ("" if source.is_newest(result) else f", the run is at {source.checkpoint.iteration}")


def section(source: Source) -> str:
    if not source.results:
        return ("<p>No evaluation lies in the run folder. <code>atnas evaluate RUN/latest.h5 "
                "--output=RUN/evaluation.h5</code> makes one; until then there is only fitness, on validation "
                "classes that the search itself used.</p>")
    rows = []
    for file, _, result in source.results:
        values = result.values
        unseen = f"used {values['seen_classes']} of them" if result.seen else "unseen"
        rows.append([file, result.kind, str(result.accuracy), judged(source, result), str(len(result.tasks)),
                     str(values.get("query", "")),
                     str(values.get("statistics", "")), f"{values.get('split', '')} ({unseen})"])
    head = ["file", "tasks", "accuracy, 95 % interval", "at iteration", "number", "queries", "statistics", "classes"]
    return html_table(head, rows) + "".join(map(svg_chart, charts(source)))
