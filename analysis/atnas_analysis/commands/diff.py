# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis diff``: what differs between two files."""

from __future__ import annotations

import argparse

from ..difference import differences, objects
from ..opener import open as open_any
from ..problem import DIFFERENT, DONE
from ..run_folder import RunFolder


def add(parsers) -> None:
    parser = parsers.add_parser("diff", help="what differs between two files, and where first",
                                epilog="exit code 0: equal, 1: different. "
                                       "example: atnas-analysis diff runs/a runs/b --tolerance=1e-6")
    parser.add_argument("a", help="a file of ATNAS, or a run folder: its newest checkpoint")
    parser.add_argument("b", help="another one")
    parser.add_argument("--tolerance", type=float, default=0.0,
                        help="how much floating-point numbers may differ, absolutely; else bit by bit")
    parser.add_argument("--limit", type=int, default=20, help="how many objects to list (default 20)")
    parser.set_defaults(run=run)


def opened(path: str):
    found = open_any(path)
    return found.latest() if isinstance(found, RunFolder) else found


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments.a) as a, opened(arguments.b) as b:
        if a.KIND != b.KIND:
            print(f"{a.path} is a {a.TITLE}, {b.path} is a {b.TITLE}")
            return DIFFERENT
        found = list(differences(a, b, arguments.tolerance))
        if not found:
            how = f"to {arguments.tolerance:g}" if arguments.tolerance > 0 else "bit by bit"
            print(f"equal {how}: {len(objects(a))} arrays and attributes, provenance and run.folder left out")
            return DONE
        for difference in found[:arguments.limit]:
            print(difference)
        if len(found) > arguments.limit:
            print(f"and {len(found) - arguments.limit} more")
        return DIFFERENT
