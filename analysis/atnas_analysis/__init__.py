# SPDX-License-Identifier: Apache-2.0
"""Reads, compares and draws what ATNAS writes.

``open(path)`` gives an object for every kind of file, and for the folder of a run::

    import atnas_analysis
    checkpoint = atnas_analysis.open("runs/quickstart/latest.h5")
    print(checkpoint.best.encode)
    checkpoint.history.pivot(index="generation", columns="island", values="best").plot()
"""

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
