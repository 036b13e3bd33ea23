#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what the cost model of jobs/scaling expects of the quick start's network on a cluster: no cluster was measured.
The figures are those of "What to expect" in jobs/scaling/README.md, but for the MACs of tasks, which are normal."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import numpy as np  # noqa: E402

from atnas_analysis.report.chart import Chart, Series  # noqa: E402
from atnas_analysis.report.picture import write_picture  # noqa: E402
from atnas_analysis.scaling import cost  # noqa: E402

RANKS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
# More draws than for tables: smooth curves.
COSTS = cost.Costs(task=0.046, spread=0.27, latency=2e-6, bandwidth=3e9, drawn=1 << 17)
NODE = cost.Setting(ranks=8, islands=8, batch=16, weights=168_208, ranks_per_node=8)
TITLE = "What the cost model expects on a cluster (no cluster was measured)"
NOTE = (f"Weak scaling of the quick start's network: {1e3 * COSTS.task:g} ms a task, times that vary by "
        f"{100 * COSTS.spread:g} %, {1e6 * COSTS.latency:g} us and {1e-9 * COSTS.bandwidth:g} GB/s, "
        f"{NODE.ranks_per_node} ranks per node; against one full node that shares its work.")


def curve(tasks, work, colour):
    efficiency = [100 * cost.efficiency_of_work(NODE, COSTS, ranks, tasks, work) for ranks in RANKS]
    return Series("%d tasks per rank" % tasks, np.array(RANKS, float), np.array(efficiency), colour=colour)


def main(output):
    ends = np.array([RANKS[0], RANKS[-1]], float)
    charts = [Chart(work, title, "MPI ranks", "efficiency in %",
                    [curve(tasks, work, colour) for colour, tasks in enumerate((2, 4, 8))]
                    + [Series("", ends, np.array(span, float), colour=5, faint=True)
                       for span in ((100, 100), (75, 75))], NOTE, log="x")
              for work, title in (("shared", "Ranks share the work of their node (runtime.work = shared)"),
                                  ("static", "Ranks keep to their islands (runtime.work = static)"))]
    write_picture(output, TITLE, charts)


if __name__ == "__main__":
    main(*sys.argv[1:])
