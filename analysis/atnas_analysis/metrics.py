# SPDX-License-Identifier: Apache-2.0
"""The progress of a search or a training, from ``metrics.jsonl``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd

from .problem import Problem

#: What the columns mean.
DOCS = {
    "generation": "number of the generation, from 0",
    "iteration": "meta-iterations done",
    "tasks": "tasks trained on so far",
    "seconds": "since the start of the process that wrote the line",
    "tasks_per_s": "tasks per second",
    "loss": "mean query loss since the last generation",
    "best_fitness": "of all islands, -1 to 1",
    "mean_fitness": "over all islands, -1 to 1",
    "encode": "of the best individual",
    "params": "weights of the best individual",
    "macs": "multiply-accumulates of the best individual for one image",
    "evaluations": "networks times the tasks that each was judged on",
    "evaluations_saved": "those that racing spared",
    "hypervolume": "of the front, 0 to 1",
    "phase": "of a training: search or training",
    "encodes": "of the search of a training: tried so far",
    "step": "of a training: steps done",
    "steps": "of a training: steps of all",
    "epoch": "of a training: epochs done",
    "rate": "of a training: learning rate of the last step",
    "images_per_s": "of a training: images per second",
}
#: Of the phases of ``atnas train``: where the phase stands among them, and what counts its lines.
PHASES = {"search": (0, "encodes"), "training": (1, "step")}


def place_of(row: dict) -> tuple[int, int]:
    """Where a line stands in the order of time: by generation, or by phase and what counts there.

    >>> place_of({"generation": 3}), place_of({"phase": "training", "step": 20})
    ((0, 3), (1, 20))
    """
    if "phase" not in row:
        return 0, int(row["generation"])
    order, counter = PHASES[row["phase"]]
    return order, int(row[counter])


def read_metrics(path: str | os.PathLike[str]) -> pd.DataFrame:
    """One row per generation or stretch of a training, in order. A line drops all rows at or after its place, which a
    restart from an earlier checkpoint made stale. A missing file gives no rows; half a line at its end is left out.

    >>> read_metrics("/nowhere/metrics.jsonl").empty
    True
    """
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise Problem(f"cannot read {path}", error.strerror or str(error), "check the name") from None
    lines = data[:data.rfind(b"\n") + 1].splitlines()
    rows: list[tuple[tuple[int, int], dict]] = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            place = place_of(row)
        except (ValueError, TypeError, KeyError):
            raise Problem(f"{path} is damaged", f"line {number} is no object with a generation or a step",
                          "remove this line") from None
        while rows and rows[-1][0] >= place:
            rows.pop()
        rows.append((place, row))
    frame = pd.DataFrame([row for _, row in rows])
    if frame.empty:
        frame = pd.DataFrame({name: pd.Series(dtype=float) for name in ("generation", "iteration", "loss")})
    frame.attrs["docs"] = DOCS
    return frame
