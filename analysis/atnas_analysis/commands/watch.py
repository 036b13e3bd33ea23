# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis watch``: a live view of a run."""

from __future__ import annotations

import argparse
import shutil
import sys
import time

from ..live_view import live_view
from ..problem import DONE, Problem

CLEAR = "\x1b[H\x1b[2J"


def add(parsers) -> None:
    parser = parsers.add_parser("watch", help="a live view of a run in the terminal",
                                epilog="Ctrl-C ends it, not the run. example: atnas-analysis watch runs/quickstart")
    parser.add_argument("run_folder", metavar="RUN", help="run folder; it may appear later")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between looks (default 2)")
    parser.add_argument("--once", action="store_true", help="print it once and end")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    width = shutil.get_terminal_size().columns
    if arguments.once:
        print(live_view(arguments.run_folder, width))
        return DONE
    while True:
        try:
            text = live_view(arguments.run_folder, shutil.get_terminal_size().columns)
        except Problem as problem:  # it may pass: a run that starts, a file that moves
            text = f"waiting: {problem}"
        print((CLEAR if sys.stdout.isatty() else "") + text, flush=True)
        time.sleep(max(arguments.interval, 0.1))
