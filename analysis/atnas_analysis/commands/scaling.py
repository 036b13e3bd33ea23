# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis scaling``: speed-up and efficiency of a scaling study."""

from __future__ import annotations

import argparse

from ..problem import DONE
from ..report.picture import ending_of, write_picture
from ..scaling.charts import Study, charts_of, text_of, title_of
from ..scaling.table import read


def add(parsers) -> None:
    parser = parsers.add_parser("scaling", help="speed-up and efficiency of a scaling study, beside its cost model",
                                epilog="example: atnas-analysis scaling runs/scaling/quickstart/table.h5 -o scaling.svg. "
                                       "jobs/scaling/model.py predicts other numbers of ranks")
    parser.add_argument("tables", nargs="+", metavar="TABLE", help="table.csv or table.h5 of jobs/scaling/collect.py")
    parser.add_argument("-o", "--output", help="draw it: .svg, .html, .png or .pdf (the last two need matplotlib)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.output:
        ending_of(arguments.output)
    rows = [row for path in arguments.tables for row in read(path)]
    study = Study.of(rows)
    print(text_of(study))
    if arguments.output:
        write_picture(arguments.output, title_of(arguments.tables, rows), charts_of(study))
    return DONE
