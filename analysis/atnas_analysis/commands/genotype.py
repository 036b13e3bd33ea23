# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis genotype``: the architecture that a file holds."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .. import drawing
from ..checkpoint import Checkpoint
from ..evaluation import Evaluation
from ..network import Network
from ..opener import open as open_any
from ..output import write_whole
from ..problem import BAD_ARGUMENTS, DONE, Problem
from ..run_folder import RunFolder
from ..space import Genotype

FORMATS = ("text", "json", "dot", "svg")


def add(parsers) -> None:
    parser = parsers.add_parser("genotype", help="the best architecture of a file, as text, JSON, Graphviz or SVG",
                                epilog="example: atnas-analysis genotype runs/quickstart -o cells.svg")
    parser.add_argument("file", help="checkpoint, network, evaluation or run folder")
    parser.add_argument("--encode", help="draw this encode instead of that in a file")
    parser.add_argument("--format", choices=FORMATS, help="text, unless the name of the output says another")
    parser.add_argument("-o", "--output", help="the file to write; else it is printed")
    parser.set_defaults(run=run)


def genotype_in(path: str) -> Genotype:
    """The best one."""
    opened = open_any(path)
    if isinstance(opened, RunFolder):
        opened = opened.latest()
    if isinstance(opened, Evaluation):
        return Genotype.parse(opened.encode)
    found = opened.genotype if isinstance(opened, (Checkpoint, Network)) else None
    if found is None:
        raise Problem(f"{path} holds no architecture", f"it is a {opened.TITLE} without any",
                      "name a checkpoint of a search, a network or an evaluation")
    return found


def document(genotype: Genotype) -> dict:
    cells = {name: [[{"operation": edge.operation, "input": edge.source} for edge in node] for node in nodes]
             for name, nodes in genotype.cells.items()}
    return {"space": genotype.space, "encode": str(genotype), "cells": cells}


def format_of(output: str) -> str:
    """By the ending of a file's name."""
    ending = Path(output).suffix[1:]
    if ending in ("", "txt"):
        return "text"
    if ending not in FORMATS:
        raise Problem(f"cannot write {output}", f"the ending .{ending} says no format",
                      f"name it .txt, .json, .dot or .svg, or give --format={'|'.join(FORMATS)}", BAD_ARGUMENTS)
    return ending


def run(arguments: argparse.Namespace) -> int:
    chosen = arguments.format or format_of(arguments.output or "")
    genotype = Genotype.parse(arguments.encode) if arguments.encode else genotype_in(arguments.file)
    if chosen == "json":
        text = json.dumps(document(genotype), indent=2)
    elif chosen == "dot":
        text = drawing.dot_of(genotype)
    elif chosen == "svg":
        text = drawing.svg_of(genotype)
    else:
        text = str(genotype)
    if arguments.output:
        write_whole(arguments.output, text + "\n")
    else:
        print(text)
    return DONE
