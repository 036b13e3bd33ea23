# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis report``: the report of a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..output import write_whole
from ..problem import DONE
from ..report.page import charts_of, report_page
from ..report.source import Source
from ..text_table import si


def add(parsers) -> None:
    parser = parsers.add_parser("report", help="one self-contained HTML page about a run, and figures for a paper",
                                epilog="example: atnas-analysis report runs/quickstart -o report.html --figures=figures")
    parser.add_argument("run_folder", metavar="RUN", help="run folder or checkpoint")
    parser.add_argument("-o", "--output", default="report.html", help="the page (default report.html)")
    parser.add_argument("--figures", metavar="DIR", help="write every figure as PNG, PDF and SVG; needs matplotlib")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    source = Source.of(arguments.run_folder)
    page = report_page(source)
    write_whole(arguments.output, page)
    print(f"{arguments.output}: {si(len(page.encode()))}B")
    if arguments.figures:
        from ..report.figures import write_figures

        written = write_figures(source, charts_of(source), Path(arguments.figures))
        print(f"{arguments.figures}: {len(written)} files")
    return DONE
