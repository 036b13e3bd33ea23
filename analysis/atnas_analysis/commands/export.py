# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis export``: networks for other programs."""

from __future__ import annotations

import argparse

from ..data_set import DataSet
from ..network import Network
from ..opener import open as open_file
from ..opener import open_network
from ..output import write_whole
from ..problem import BAD_ARGUMENTS, DONE, Problem
from ..stored_file import StoredFile
from ..subnet import Subnet, subnets_of


def add(parsers) -> None:
    parser = parsers.add_parser("export", help="a network as ONNX, for other programs",
                                epilog="example: atnas-analysis export net.h5 --onnx=net.onnx")
    parser.add_argument("file", help="network, or checkpoint or run folder of a search")
    parser.add_argument("--onnx", required=True, metavar="PATH", help="the file to write")
    parser.add_argument("--encode", help="of a checkpoint: which architecture, instead of the best")
    parser.add_argument("--images", metavar="DATA", help="of a checkpoint: a data set whose statistics normalise "
                        "images, instead of each batch its own")
    parser.set_defaults(run=run)


def expect_whole(file: StoredFile) -> None:
    """By the digests of the file, where xxhash is installed."""
    try:
        from .. import digest
    except ImportError:
        return
    digest.expect_whole(file.file, file.damaged)


def with_images(subnet: Subnet, path: str) -> Subnet:
    from ..batch_moments import normalised_by

    opened = open_file(path)
    if not isinstance(opened, DataSet):
        raise Problem(f"{path} is no data set", "statistics are those of images",
                      "name a file that atnas import wrote")
    with opened:
        return normalised_by(subnet, opened)


def run(arguments: argparse.Namespace) -> int:
    with open_network(arguments.file) as opened:
        if arguments.images is not None and isinstance(opened, Network):
            raise Problem(f"{opened.path} does not take --images", "it is a network: what normalises is in it",
                          "leave them out", BAD_ARGUMENTS)
        subnets = subnets_of(opened, arguments.encode)
        expect_whole(opened)
        from ..onnx_model import onnx_meta_network, onnx_model

        about = {"digest": opened.digest}
        if isinstance(opened, Network):
            model = onnx_model(subnets, opened.classes, about)
            gives = "probabilities of classes"
        else:
            by_batch = arguments.images is None
            subnet = subnets[0] if by_batch else with_images(subnets[0], arguments.images)
            model = onnx_meta_network(subnet, {**about, "normalised_by": "batch" if by_batch else "images"})
            gives = ("logits" if subnet.classifies else "features") + (
                ", images of a batch normalise each other" if by_batch else f", normalised by those of {arguments.images}")
    model = model.SerializeToString()
    write_whole(arguments.onnx, model)
    print(f"{arguments.onnx}: {len(model) / 1000:.0f} kB, {gives}")
    return DONE
