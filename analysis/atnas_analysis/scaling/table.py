# SPDX-License-Identifier: Apache-2.0
"""The rows of a table that ``jobs/scaling/collect.py`` wrote, as CSV or HDF5."""

from __future__ import annotations

import csv
import os
from typing import Any

import numpy as np

from ..problem import Problem
from ..scaling_table import ScalingTable
from ..stored_file import text_of
from . import PHASES, STATISTICS
from .cost import BYTES

TEXTS = ("kind", "deck", "reduction", "work", "host")
INTEGERS = ("ranks", "islands", "batch", "repeat", "iterations", "generations", "population", "fitness_tasks",
            "ranks_per_node", "weights")
NUMBERS = ("seconds_per_iteration", "tasks_per_s", "speedup", "efficiency",
           *(f"{phase}_{statistic}" for phase in PHASES for statistic in STATISTICS))
COLUMNS = (*TEXTS, *INTEGERS, *NUMBERS)
POSITIVE = ("ranks", "islands", "batch", "weights", "iterations", "population", "fitness_tasks", "ranks_per_node",
            "seconds_per_iteration", "tasks_per_s")
#: What texts may be, where that is not free.
CHOICES = {"kind": ("strong", "weak"), "reduction": tuple(BYTES), "work": ("shared", "static")}

Row = dict[str, Any]


def read_csv(path: str | os.PathLike[str]) -> list[Row]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_hdf5(path: str | os.PathLike[str]) -> list[Row]:
    with ScalingTable(path) as file:
        columns = file.columns(COLUMNS)
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError("its columns differ in length")
    return [{name: text_of(values[i]) if name in TEXTS else values[i] for name, values in columns.items()}
            for i in range(len(columns["kind"]))]


def read(path: str | os.PathLike[str]) -> list[Row]:
    """One dictionary a point, numbers as numbers; what is no such table raises Problem."""
    def refused(reason: str) -> Problem:
        return Problem(f"{path} is no scaling table", reason, "make it with collect.py")

    try:
        rows = read_hdf5(path) if str(path).endswith((".h5", ".hdf5")) else read_csv(path)
    except Problem as problem:
        raise refused(f"{problem.problem}: {problem.reason}") from None
    except (OSError, ValueError, TypeError, csv.Error) as error:
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
        except (TypeError, ValueError, OverflowError) as error:
            raise refused(f"row {number}: {error}") from None
        for name, known in CHOICES.items():
            if table[-1][name] not in known:
                raise refused(f"row {number} has the {name} {table[-1][name]}, known are {', '.join(known)}")
        if not np.isfinite([table[-1][name] for name in NUMBERS]).all():
            raise refused(f"row {number} holds a number that is not finite")
        for name in POSITIVE:
            if table[-1][name] <= 0:
                raise refused(f"row {number}: {name} is {table[-1][name]}, not positive")
        if table[-1]["generations"] < 0:
            raise refused(f"row {number} has {table[-1]['generations']} generations")
    return table
