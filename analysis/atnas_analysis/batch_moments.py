# SPDX-License-Identifier: Apache-2.0
"""What fixes the statistics of a meta-network: those of a batch of images."""

from __future__ import annotations

import dataclasses

import numpy as np
import onnxruntime

from .data_set import DataSet
from .graph import Shape
from .onnx_model import onnx_meta_network
from .problem import Problem
from .subnet import Subnet

MOST_IMAGES = 500


def images_in(file: DataSet, shape: Shape) -> np.ndarray:
    """Float32 [n, channels, height, width] in [0, 1]; of a large set MOST_IMAGES, evenly spread."""
    if not file.has("/images"):
        raise file.damaged("there are no /images")
    if file.shape[1:] != shape:
        raise Problem(f"the images of {file.path} have the shape {file.shape[1:]}", f"the network takes {shape}",
                      "atnas import --size and --channels make them fit")
    if not file.shape[0]:
        raise Problem(f"{file.path} has no images", "statistics are those of images", "name another data set")
    chosen = np.linspace(0, file.shape[0] - 1, min(file.shape[0], MOST_IMAGES)).round().astype(int)
    try:
        return file.file["/images"][chosen].astype(np.float32) / 255
    except OSError:
        raise file.damaged("its images cannot be read") from None


def normalised_by(subnet: Subnet, file: DataSet) -> Subnet:
    """The same with the moments that a batch of images has on its way through it, each norm after those before it."""
    images = images_in(file, subnet.graph.shape(0))
    moments = _computed(onnx_meta_network(subnet, {}, with_moments=True).SerializeToString(), images, file)
    if not all(np.isfinite(values).all() for values in moments):
        raise Problem(f"the statistics of {file.path} are not finite", "the network computes no numbers from its images",
                      "name another encode or other images")
    pairs = [np.stack([mean.ravel(), variance.ravel()]) for mean, variance in zip(moments[::2], moments[1::2])]
    return dataclasses.replace(subnet, moments=pairs)


def _computed(model: bytes, images: np.ndarray, file: DataSet) -> list[np.ndarray]:
    """All outputs but the first."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return session.run(None, {"images": images})[1:]
    except Exception as error:  # ONNX Runtime's have no class in common; mostly there is no memory left
        raise Problem(f"cannot compute the statistics of {file.path}", str(error).splitlines()[0],
                      "name a smaller data set") from None
