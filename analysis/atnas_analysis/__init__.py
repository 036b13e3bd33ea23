# SPDX-License-Identifier: Apache-2.0
"""Reads, compares and draws what ATNAS writes.

``open(path)`` gives an object for every kind of file, and for the folder of a run::

    import atnas_analysis
    checkpoint = atnas_analysis.open("runs/quickstart/latest.h5")
    print(checkpoint.best.encode)
    checkpoint.history.pivot(index="generation", columns="island", values="best").plot()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoint import Checkpoint
    from .data_set import DataSet
    from .difference import Difference, differences
    from .evaluation import Evaluation, Result
    from .interval import Interval
    from .metrics import read_metrics
    from .network import Network
    from .opener import open  # noqa: A004
    from .predictions import Predictions
    from .problem import Problem
    from .run_folder import RunFolder
    from .scaling_table import ScalingTable
    from .space import Edge, Genotype, Space

__version__ = "0.1.0"
__all__ = ["Checkpoint", "DataSet", "Difference", "Edge", "Evaluation", "Genotype", "Interval", "Network",
           "Predictions", "Problem", "Result", "RunFolder", "ScalingTable", "Space", "differences", "open",
           "read_metrics"]

#: Where each name stands. Modules are imported when they are asked for: jobs/scaling uses ``scaling`` without pandas.
_HOMES = {"Checkpoint": "checkpoint", "DataSet": "data_set", "Difference": "difference", "Edge": "space",
          "Evaluation": "evaluation", "Genotype": "space", "Interval": "interval", "Network": "network",
          "Predictions": "predictions", "Problem": "problem", "Result": "evaluation", "RunFolder": "run_folder",
          "ScalingTable": "scaling_table", "Space": "space", "differences": "difference", "open": "opener",
          "read_metrics": "metrics"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
