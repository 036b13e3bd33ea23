# SPDX-License-Identifier: Apache-2.0
"""The rows of a table that ``jobs/scaling/collect.py`` wrote, as CSV or HDF5."""

from __future__ import annotations

import csv
import os
from typing import Any

import h5py
import numpy as np

from ..problem import Problem
from . import PHASES, STATISTICS

FILETYPE, VERSION = "atnas-scaling", 2

TEXTS = ("kind", "deck", "reduction", "work", "host")
INTEGERS = ("ranks", "islands", "batch", "repeat", "iterations", "generations", "population", "fitness_tasks",
            "ranks_per_node", "weights")
NUMBERS = ("seconds_per_iteration", "tasks_per_s", "speedup", "efficiency",
           *(f"{phase}_{statistic}" for phase in PHASES for statistic in STATISTICS))
COLUMNS = (*TEXTS, *INTEGERS, *NUMBERS)
POSITIVE = ("ranks", "islands", "batch", "weights", "iterations", "seconds_per_iteration")

Row = dict[str, Any]


def read_csv(path: str | os.PathLike[str]) -> list[Row]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_hdf5(path: str | os.PathLike[str]) -> list[Row]:
    with h5py.File(path, "r") as file:
        kind, version = file.attrs.get("atnas.filetype", b""), file.attrs.get("atnas.version", 0)
        if kind != FILETYPE.encode() or version != VERSION or "complete" not in file.attrs:
            raise ValueError(f"its kind is {kind!r}, its version {version}, or it was not finished")
        columns = {name: file["points/" + name][()] for name in COLUMNS}
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError("its columns differ in length")
    return [{name: values[i].decode() if name in TEXTS else values[i] for name, values in columns.items()}
            for i in range(len(columns["kind"]))]


def read(path: str | os.PathLike[str]) -> list[Row]:
    """One dictionary a point, numbers as numbers; what is no such table raises Problem."""
    def refused(reason: str) -> Problem:
        return Problem(f"{path} is no scaling table", reason, "make it with collect.py")

    try:
        rows = read_hdf5(path) if str(path).endswith((".h5", ".hdf5")) else read_csv(path)
    except (OSError, KeyError, ValueError, AttributeError, TypeError, csv.Error) as error:
        raise refused(str(error)) from None
    if not rows:
        raise refused("it has no rows")
    missing = [name for name in COLUMNS if rows[0].get(name) is None]
    if missing:
        raise refused(f"it has no column {', '.join(missing)}")
    table = []
    for number, row in enumerate(rows, 1):
        try:
            table.append({name: row[name] if name in TEXTS else (int if name in INTEGERS else float)(row[name])
                          for name in COLUMNS})
        except (TypeError, ValueError) as error:
            raise refused(f"row {number}: {error}") from None
        if not np.isfinite([table[-1][name] for name in NUMBERS]).all():
            raise refused(f"row {number} holds a number that is not finite")
        if min(table[-1][name] for name in POSITIVE) <= 0:
            raise refused(f"row {number} has a count or a time that is not positive")
    return table
