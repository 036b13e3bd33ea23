# SPDX-License-Identifier: Apache-2.0
"""From a path to the object that reads it."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Union

from .checkpoint import Checkpoint
from .data_set import DataSet
from .evaluation import Evaluation
from .network import Network
from .predictions import Predictions
from .problem import Problem
from .run_folder import RunFolder
from .scaling_table import ScalingTable
from .stored_file import StoredFile, kind_of, open_hdf5

FILES = {kind.KIND: kind for kind in (Checkpoint, DataSet, Evaluation, Network, Predictions, ScalingTable)}
Opened = Union[Checkpoint, DataSet, Evaluation, Network, Predictions, ScalingTable, RunFolder]


def open(path: str | os.PathLike[str]) -> Opened:  # noqa: A001
    """Opens a file of ATNAS or a run folder; its kind decides which object that gives.

    Raises Problem where there is nothing to read, the file is of another program, of a kind or a version that this
    package does not know, or damaged.

    >>> open("/nowhere.h5")
    Traceback (most recent call last):
    ...
    atnas_analysis.problem.Problem: cannot read /nowhere.h5 (No such file or directory), check the name
    """
    path = Path(path)
    if path.is_dir():
        return RunFolder(path)
    with open_hdf5(path) as file:
        kind = kind_of(path, file)
    if kind not in FILES:
        raise Problem(f"{path} is of the kind {kind}", f"this package knows {', '.join(sorted(FILES))}",
                      "use the package that came with the program")
    return FILES[kind](path)


def open_network(file: str | os.PathLike[str] | StoredFile) -> AbstractContextManager[StoredFile]:
    """What may hold networks, for a ``with`` statement; of the folder of a run the newest checkpoint. What the caller
    has opened is left open."""
    if isinstance(file, StoredFile):
        return nullcontext(file)
    opened = open(file)
    return opened.latest() if isinstance(opened, RunFolder) else opened
