# SPDX-License-Identifier: Apache-2.0
"""Runs side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .evaluation import Evaluation, Result
from .interval import Interval
from .opener import open as open_any
from .problem import Problem
from .run_folder import RunFolder

COLUMNS = {
    "run": "folder or file, and of those of the same name what tells them apart",
    "tasks": "kind and number of tasks",
    "accuracy": "mean over tasks, 0 to 1",
    "ci95": "half the width of its 95 % interval",
    "difference": "from the first run of the same kind of tasks; of the same tasks task by task",
    "difference_ci95": "half the width of its 95 % interval",
    "paired": "whether both judged the same tasks",
    "seen": "whether the search used some of the classes",
    "params": "weights of the network",
    "macs": "multiply-accumulates of the network for one image",
    "kind": "of the tasks: ways and shots",
}


@dataclass(frozen=True)
class Entry:
    """One kind of tasks of one evaluation."""

    run: str
    result: Result


def short_names(paths: Sequence[str | os.PathLike[str]]) -> list[str]:
    """The last part of each path, with as many before it as tell them apart.

    >>> short_names(["runs/a", "runs/b/evaluation.h5"])
    ['a', 'evaluation']
    >>> short_names(["new/a", "old/a", "old/b"])
    ['new/a', 'old/a', 'b']
    >>> short_names(["runs/a", "runs/a.h5", "/a"])
    ['runs/a', 'a.h5', '/a']
    """
    whole = [Path(os.path.abspath(path)) for path in paths]
    parts = [path.with_suffix("").parts if path.suffix == ".h5" else path.parts for path in whole]
    if len(set(parts)) < len(set(whole)):  # a folder and a file
        parts = [path.parts for path in whole]
    names = []
    for own in parts:
        count = 1
        while any(other != own and other[-count:] == own[-count:] for other in parts):
            count += 1
        names.append(str(Path(*own[-count:])))
    return names


def entries_of(path: str | os.PathLike[str], name: str) -> list[Entry]:
    """Those of a run folder or of an evaluation."""
    opened = open_any(path)
    if isinstance(opened, Evaluation):
        return [Entry(name, result) for result in opened.results]
    if not isinstance(opened, RunFolder):
        raise Problem(f"{path} cannot be compared", f"it is a {opened.TITLE}", "name run folders or evaluations")
    found = [Entry(name if evaluation.path.stem == "evaluation" else f"{name}/{evaluation.path.stem}",
                   result) for evaluation in opened.evaluations() for result in evaluation.results]
    if not found:
        raise Problem(f"{path} holds no evaluation", "no *.h5 there is one",
                      f"make one: atnas evaluate {path}/latest.h5 --output={path}/evaluation.h5")
    return found


def difference(a: Result, b: Result) -> tuple[Interval, bool]:
    """Of b from a, and whether it was taken task by task."""
    if a.same_tasks(b):
        return Interval.of(b.tasks["accuracy"].to_numpy() - a.tasks["accuracy"].to_numpy()), True
    half = (a.accuracy.half ** 2 + b.accuracy.half ** 2) ** 0.5
    return Interval(b.accuracy.mean - a.accuracy.mean, half), False


def compare(paths: Sequence[str | os.PathLike[str]]) -> pd.DataFrame:
    """One row per run and kind of tasks."""
    rows, first = [], {}
    for entry in (entry for path, name in zip(paths, short_names(paths)) for entry in entries_of(path, name)):
        result = entry.result
        base = first.setdefault(result.kind, result)
        row = {"run": entry.run, "tasks": f"{result.kind}, {len(result.tasks)} tasks", "kind": result.kind,
               "accuracy": result.accuracy.mean, "ci95": result.accuracy.half,
               "difference": float("nan"), "difference_ci95": float("nan"), "paired": False}
        if base is not result:
            gap, paired = difference(base, result)
            row.update(difference=gap.mean, difference_ci95=gap.half, paired=paired)
        row.update(seen=result.seen, params=result.values.get("params"), macs=result.values.get("macs"))
        rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs["docs"] = COLUMNS
    return frame
