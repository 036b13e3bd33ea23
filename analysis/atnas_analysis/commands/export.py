# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis export``: networks for other programs."""

from __future__ import annotations

import argparse

from ..network import Network
from ..opener import open_network
from ..output import write_whole
from ..problem import DONE
from ..subnet import networks_of


def add(parsers) -> None:
    parser = parsers.add_parser("export", help="a network as ONNX, for other programs",
                                epilog="example: atnas-analysis export net.h5 --onnx=net.onnx")
    parser.add_argument("file", help="network")
    parser.add_argument("--onnx", required=True, metavar="PATH", help="the file to write")
    parser.set_defaults(run=run)


def expect_whole(network: Network) -> None:
    """By the digests of the file, where xxhash is installed."""
    try:
        from .. import digest
    except ImportError:
        return
    digest.expect_whole(network.file, network.damaged)


def run(arguments: argparse.Namespace) -> int:
    with open_network(arguments.file) as opened:
        subnets = networks_of(opened)
        expect_whole(opened)
        from ..onnx_model import onnx_model

        model = onnx_model(subnets, opened.classes, {"digest": opened.digest})
    write_whole(arguments.onnx, model.SerializeToString())
    return DONE
