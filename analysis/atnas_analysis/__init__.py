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
    from .torch_module import from_torch, to_torch

__version__ = "0.1.0"
__all__ = ["Checkpoint", "DataSet", "Difference", "Edge", "Evaluation", "Genotype", "Interval", "Network",
           "Predictions", "Problem", "Result", "RunFolder", "ScalingTable", "Space", "differences", "open",
           "read_metrics"]

#: Where each name stands. Modules are imported when they are asked for: jobs/scaling uses ``scaling`` without pandas.
_HOMES = {"Checkpoint": "checkpoint", "DataSet": "data_set", "Difference": "difference", "Edge": "space",
          "Evaluation": "evaluation", "Genotype": "space", "Interval": "interval", "Network": "network",
          "Predictions": "predictions", "Problem": "problem", "Result": "evaluation", "RunFolder": "run_folder",
          "ScalingTable": "scaling_table", "Space": "space", "differences": "difference", "open": "opener",
          "read_metrics": "metrics", "from_torch": "torch_module", "to_torch": "torch_module"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    except ModuleNotFoundError as error:
        if _HOMES[name] != "torch_module":
            raise
        raise ImportError(f"{name} lacks a Python package ({error}), install it: "
                          "pip install 'atnas-analysis[torch]'", name=error.name) from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
