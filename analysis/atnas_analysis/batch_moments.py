# SPDX-License-Identifier: Apache-2.0
"""What fixes the statistics of a meta-network: those of a batch of images."""

from __future__ import annotations

import dataclasses

import numpy as np
import onnxruntime

from .data_set import DataSet
from .onnx_model import onnx_meta_network
from .problem import Problem
from .subnet import Subnet

MOST_IMAGES = 500


def images_in(file: DataSet) -> np.ndarray:
    """Some of a data set, all classes alike where it has too many: float32 [n, channels, height, width] in [0, 1]."""
    images = file.file["/images"]
    count = min(len(images), MOST_IMAGES)
    chosen = np.linspace(0, len(images) - 1, count).round().astype(int)
    try:
        return images[chosen].astype(np.float32) / 255
    except OSError:
        raise file.damaged("its images cannot be read") from None


def normalised_by(subnet: Subnet, file: DataSet) -> Subnet:
    """The same with the moments that a batch of images has on its way through it, each norm after those before it."""
    images = images_in(file)
    if images.shape[1:] != subnet.graph.shape(0):
        raise Problem(f"the images of {file.path} have the shape {images.shape[1:]}",
                      f"the network takes {subnet.graph.shape(0)}", "atnas import --size and --channels make them fit")
    if not subnet.graph.norms:
        return subnet
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = onnx_meta_network(subnet, {}, with_moments=True).SerializeToString()
    _, *moments = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]).run(
        None, {"images": images})
    pairs = [np.stack([mean.ravel(), variance.ravel()]) for mean, variance in zip(moments[::2], moments[1::2])]
    return dataclasses.replace(subnet, moments=pairs)
