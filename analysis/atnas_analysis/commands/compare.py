# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis compare``: runs side by side."""

from __future__ import annotations

import argparse
import math

from ..comparison import compare
from ..comparison_charts import charts_of
from ..output import write_whole
from ..problem import DONE
from ..report.picture import ending_of, write_picture
from ..text_table import si, table


def add(parsers) -> None:
    parser = parsers.add_parser("compare", help="accuracies of several runs with intervals, paired where possible",
                                epilog="example: atnas-analysis compare runs/seed1 runs/seed2 runs/conv4")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="run folder with evaluations, or an evaluation")
    parser.add_argument("--csv", help="write the table to this file as well")
    parser.add_argument("-o", "--output", help="draw it: .svg, .html, .png or .pdf (the last two need matplotlib)")
    parser.set_defaults(run=run)


def percent(mean: float, half: float, sign: str = "") -> str:
    text = f"{100 * mean:{sign}.2f} %"
    return text if math.isnan(half) else f"{text} +- {100 * half:.2f} %"


def run(arguments: argparse.Namespace) -> int:
    if arguments.output:
        ending_of(arguments.output)
    frame = compare(arguments.runs)
    rows, has_seen = [], bool(frame["seen"].any())
    for row in frame.itertuples():
        gap = ""
        if not math.isnan(row.difference):
            gap = percent(row.difference, row.difference_ci95, "+") + (" (paired)" if row.paired else "")
        accuracy = percent(row.accuracy, row.ci95) + (" *" if row.seen else "")
        cost = [si(value) if value is not None and value == value else "" for value in (row.params, row.macs)]
        rows.append([row.run, row.tasks, accuracy, gap, *cost])
    print(table(["run", "tasks", "accuracy, 95 % interval", "from the first", "params", "MACs"], rows))
    if has_seen:
        print("* the search used some of these classes: not the accuracy on unseen ones")
    if arguments.csv:
        write_whole(arguments.csv, frame.to_csv(index=False))
    if arguments.output:
        write_picture(arguments.output, f"Comparison of {len(frame)} evaluations", charts_of(frame))
    return DONE
