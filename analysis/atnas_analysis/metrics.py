# SPDX-License-Identifier: Apache-2.0
"""The progress of a search, from ``metrics.jsonl``."""

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
}


def read_metrics(path: str | os.PathLike[str]) -> pd.DataFrame:
    """One row per generation, in order. A missing file gives no rows; half a line at its end is left out.

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
    rows: dict[int, dict] = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            generation = int(row["generation"])
        except (ValueError, TypeError, KeyError):
            raise Problem(f"{path} is damaged", f"line {number} is no object with a generation",
                          "remove this line") from None
        rows.pop(generation, None)  # of several lines of one generation the last holds
        rows[generation] = row
    frame = pd.DataFrame([rows[generation] for generation in sorted(rows)])
    if frame.empty:
        frame = pd.DataFrame({name: pd.Series(dtype=float) for name in ("generation", "iteration", "loss")})
    frame.attrs["docs"] = DOCS
    return frame
