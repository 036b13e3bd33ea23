# SPDX-License-Identifier: Apache-2.0
"""The table of a study: one row per point, as CSV and HDF5. What the columns mean: README.md here."""

import csv

from arrays import h5py, np
from point import PHASES, STATISTICS
from problem import BAD_DATA, Problem
from staged import staged

FILETYPE, VERSION = "atnas-scaling", 2

TEXTS = ("kind", "deck", "reduction", "work", "host")
INTEGERS = ("ranks", "islands", "batch", "repeat", "iterations", "generations", "population", "fitness_tasks",
            "ranks_per_node", "weights")
NUMBERS = ("seconds_per_iteration", "tasks_per_s", "speedup", "efficiency",
           *("%s_%s" % (phase, statistic) for phase in PHASES for statistic in STATISTICS))
COLUMNS = (*TEXTS, *INTEGERS, *NUMBERS)


def write_csv(path, rows):
    with staged(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_hdf5(path, rows):
    with staged(path) as partial, h5py.File(partial, "w") as file:
        file.attrs["atnas.filetype"] = np.bytes_(FILETYPE)
        file.attrs["atnas.version"] = np.int64(VERSION)
        for name in COLUMNS:
            values = [row[name] for row in rows]
            if name in TEXTS:
                file["points/%s" % name] = np.array([value.encode() for value in values], dtype="S")
            else:
                file["points/%s" % name] = np.array(values, dtype="int64" if name in INTEGERS else "float64")
        file.attrs["complete"] = np.int64(1)


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_hdf5(path):
    with h5py.File(path, "r") as file:
        kind, version = file.attrs.get("atnas.filetype", b""), file.attrs.get("atnas.version", 0)
        if kind != FILETYPE.encode() or version != VERSION or "complete" not in file.attrs:
            raise ValueError("its kind is %r, its version %s, or it was not finished" % (kind, version))
        columns = {name: file["points/%s" % name][()] for name in COLUMNS}
    return [{name: values[i].decode() if name in TEXTS else values[i] for name, values in columns.items()}
            for i in range(len(columns["kind"]))]


def read(path):
    """The rows of a table that collect.py wrote, numbers as numbers."""
    def fail(reason):
        raise Problem(BAD_DATA, "%s is no scaling table" % path, reason, "make it with collect.py")

    try:
        rows = read_hdf5(path) if str(path).endswith((".h5", ".hdf5")) else read_csv(path)
    except (OSError, KeyError, ValueError, csv.Error) as error:
        fail(str(error))
    if not rows:
        fail("it has no rows")
    missing = [name for name in COLUMNS if rows[0].get(name) is None]
    if missing:
        fail("it has no column %s" % ", ".join(missing))
    table = []
    for number, row in enumerate(rows, 1):
        try:
            table.append({name: row[name] if name in TEXTS else (int if name in INTEGERS else float)(row[name])
                          for name in COLUMNS})
        except (TypeError, ValueError) as error:
            fail("row %d: %s" % (number, error))
        if not np.isfinite([table[-1][name] for name in NUMBERS]).all():
            fail("row %d holds a number that is not finite" % number)
        if min(table[-1][name] for name in ("ranks", "islands", "batch", "weights", "iterations",
                                            "seconds_per_iteration")) <= 0:
            fail("row %d has a count or a time that is not positive" % number)
    return table
