# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis tensorboard``: a run for TensorBoard."""

from __future__ import annotations

import argparse

from ..problem import DONE
from ..report.source import Source
from ..tensorboard_events import write_events


def add(parsers) -> None:
    parser = parsers.add_parser("tensorboard", help="event files that TensorBoard reads; needs the package tensorboard",
                                epilog="example: atnas-analysis tensorboard runs/quickstart -o events/quickstart; "
                                       "tensorboard --logdir=events")
    parser.add_argument("run_folder", metavar="RUN", help="run folder or checkpoint")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="a folder without event files, e.g. a new "
                                                                             "one; each folder is a run of its own")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    count = write_events(Source.of(arguments.run_folder), arguments.output)
    print(f"{arguments.output}: {count} values")
    return DONE
