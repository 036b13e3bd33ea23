# SPDX-License-Identifier: Apache-2.0
"""Writes the table of a study: one row per point, as CSV and HDF5. What the columns mean: README.md here."""

import csv

from arrays import h5py, np
from atnas_analysis.output import staged

from atnas_analysis.scaling.table import COLUMNS, INTEGERS, TEXTS
from atnas_analysis.scaling_table import ScalingTable


def write_csv(path, rows):
    with staged(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_hdf5(path, rows):
    with staged(path) as partial, h5py.File(partial, "w") as file:
        file.attrs["atnas.filetype"] = np.bytes_(ScalingTable.KIND)
        file.attrs["atnas.version"] = np.int64(ScalingTable.VERSION)
        for name in COLUMNS:
            values = [row[name] for row in rows]
            if name in TEXTS:
                file["points/%s" % name] = np.array([value.encode() for value in values], dtype="S")
            else:
                file["points/%s" % name] = np.array(values, dtype="int64" if name in INTEGERS else "float64")
        file.attrs["complete"] = np.int64(1)
