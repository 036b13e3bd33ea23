# SPDX-License-Identifier: Apache-2.0
"""Networks of ATNAS as models of ONNX."""

from __future__ import annotations

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .graph import FEATURE_EPSILON, NORM_EPSILON, Operation
from .subnet import Subnet

#: Those of ONNX 1.12; what comes later reads them as well.
OPSET, IR_VERSION = 17, 8
SHARED = "images"


class _Writer:
    """Nodes and constants, operation by operation."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output


class _SubnetWriter:
    """One network. Names begin with ``prefix``."""

    def __init__(self, writer: _Writer, subnet: Subnet, prefix: str) -> None:
        self._writer, self._subnet, self._prefix = writer, subnet, prefix
        self._moments = dict(zip((norm.name for norm in subnet.graph.norms), subnet.moments))
        #: Names of the means and variances of batches, norm by norm; none where moments are fixed.
        self.batch_moments: list[str] = []

    def write(self) -> str:
        """Gives the name of the last value."""
        values = [SHARED]
        for operation in self._subnet.graph.operations:
            output = f"{self._prefix}/{operation.output}"
            write = getattr(self, "_" + operation.kind)
            values.append(write(operation, [values[i] for i in operation.inputs], output))
        return values[-1]

    def _weights(self, operation: Operation) -> list[str]:
        return [self._writer.constant(f"{self._prefix}/{weight.name}", self._subnet.block(weight))
                for weight in operation.weights.values()]

    def _convolution(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Conv", x + self._weights(operation), y, kernel_shape=operation.kernel,
                                 strides=operation.stride, pads=operation.pad * 2,
                                 dilations=(operation.dilation,) * 2, group=operation.groups)

    def _norm(self, operation: Operation, x: list[str], y: str) -> str:
        if operation.name not in self._moments:
            return self._norm_by_batch(operation, x, y)
        width = operation.shape[0]
        affine = self._weights(operation)
        if not affine:
            affine = [self._writer.constant(y + "/scale", np.ones(width, np.float32)),
                      self._writer.constant(y + "/shift", np.zeros(width, np.float32))]
        moments = [self._writer.constant(f"{y}/{name}", values)
                   for name, values in zip(("mean", "variance"), self._moments[operation.name])]
        return self._writer.node("BatchNormalization", x + affine + moments, y, epsilon=NORM_EPSILON)

    def _norm_by_batch(self, operation: Operation, x: list[str], y: str) -> str:
        """Of simple operations: ONNX has no such one with an epsilon of ours."""
        node, constant = self._writer.node, self._writer.constant
        mean = node("ReduceMean", x, y + "/mean", axes=(0, 2, 3))
        centred = node("Sub", [*x, mean], y + "/centred")
        squares = node("Mul", [centred, centred], y + "/squares")
        variance = node("ReduceMean", [squares], y + "/variance", axes=(0, 2, 3))
        self.batch_moments += [mean, variance]
        epsilon = constant(y + "/epsilon", np.array(NORM_EPSILON, np.float32))
        deviation = node("Sqrt", [node("Add", [variance, epsilon], y + "/positive")], y + "/deviation")
        blocks = [self._subnet.block(weight).reshape(1, -1, 1, 1) for weight in operation.weights.values()]
        if not blocks:
            return node("Div", [centred, deviation], y)
        scale, shift = (constant(y + name, values) for name, values in zip(("/scale", "/shift"), blocks))
        scaled = node("Mul", [node("Div", [centred, deviation], y + "/normalised"), scale], y + "/scaled")
        return node("Add", [scaled, shift], y)

    def _relu(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Relu", x, y)

    def _max_pool(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("MaxPool", x, y, kernel_shape=operation.kernel, strides=operation.stride,
                                 pads=operation.pad * 2)

    def _average_pool(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("AveragePool", x, y, kernel_shape=operation.kernel, strides=operation.stride,
                                 pads=operation.pad * 2, count_include_pad=0)

    def _sum(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Sum", x, y)

    def _zeros(self, operation: Operation, x: list[str], y: str) -> str:
        images = self._writer.node("Shape", [SHARED], y + "/images", start=0, end=1)
        shape = [images, self._writer.integers(y + "/image", *operation.shape)]
        return self._writer.node("ConstantOfShape", [self._writer.node("Concat", shape, y + "/shape", axis=0)], y)

    def _subsample(self, operation: Operation, x: list[str], y: str) -> str:
        integers, node = self._writer.integers, self._writer.node
        if any(operation.lacks):
            x = [node("Pad", [x[0], integers(y + "/pads", 0, 0, 0, 0, 0, 0, *operation.lacks)], y + "/padded")]
        ends = [size + 1 for size in self._subnet.graph.shape(operation.inputs[0])[1:]]
        return node("Slice", [x[0], integers(y + "/starts", *[operation.offset] * 2), integers(y + "/ends", *ends),
                              integers(y + "/axes", 2, 3), integers(y + "/steps", 2, 2)], y)

    def _concat(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Concat", x, y, axis=1)

    def _flatten(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Flatten", x, y, axis=1)

    def _feature_scale(self, operation: Operation, x: list[str], y: str) -> str:
        node, constant = self._writer.node, self._writer.constant
        if operation.to_length_one:
            square = node("ReduceSumSquare", x, y + "/square", axes=(1,))
            epsilon = constant(y + "/epsilon", np.array(FEATURE_EPSILON, np.float32))
            length = node("Sqrt", [node("Add", [square, epsilon], y + "/positive")], y + "/length")
            x = [node("Div", [x[0], length], y + "/unit")]
        factor = operation.gain * np.exp(self._subnet.block(operation.weights["log_scale"]))
        return node("Mul", [x[0], constant(y + "/factor", factor.astype(np.float32))], y)

    def _linear(self, operation: Operation, x: list[str], y: str) -> str:
        return self._writer.node("Gemm", x + self._weights(operation), y, transB=1)


def onnx_model(subnets: list[Subnet], classes: list[str], about: dict[str, str]) -> onnx.ModelProto:
    """Of networks that tell classes apart. Input ``images``, float32 [n, channels, height, width] in [0, 1]; output
    ``probabilities``, float32 [n, classes], the mean of those of all networks.

    Metadata: ``classes`` and ``encodes``, lists in JSON, and what ``about`` says.
    """
    writer = _Writer()
    last = [_SubnetWriter(writer, subnet, f"members/{number}").write() for number, subnet in enumerate(subnets)]
    each = [writer.node("Softmax", [logits], logits + "/probabilities", axis=1) for logits in last]
    about = {"classes": json.dumps(classes), **about}
    return _whole(writer, [writer.node("Mean", each, "probabilities")], subnets, about)


def onnx_meta_network(subnet: Subnet, about: dict[str, str], with_moments: bool = False) -> onnx.ModelProto:
    """Of a network with the weights of a meta-network. Input as above; output ``features``, float32 [n, f], or
    ``logits`` where the head is linear. Normalised by its moments, or each batch by its own where there are none.

    ``with_moments``: further outputs are the means and the variances of the batch, norm by norm, [1, channels, 1, 1].
    """
    writer = _Writer()
    network = _SubnetWriter(writer, subnet, "network")
    output = writer.node("Identity", [network.write()], "logits" if subnet.classifies else "features")
    return _whole(writer, [output, *(network.batch_moments if with_moments else [])], [subnet], about)


def _whole(writer: _Writer, outputs: list[str], subnets: list[Subnet], about: dict[str, str]) -> onnx.ModelProto:
    """The first output is of the shape of the networks' last values."""
    graph = subnets[0].graph
    shapes = [["n", *graph.operations[-1].shape]] + [[1, None, 1, 1]] * (len(outputs) - 1)
    model = helper.make_model(
        helper.make_graph(
            writer.nodes, "atnas", [helper.make_tensor_value_info(SHARED, TensorProto.FLOAT, ["n", *graph.shape(0)])],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in zip(outputs, shapes)],
            writer.constants),
        producer_name="atnas_analysis", ir_version=IR_VERSION, opset_imports=[helper.make_opsetid("", OPSET)])
    helper.set_model_props(model, {"encodes": json.dumps([str(subnet.genotype) for subnet in subnets]), **about})
    onnx.checker.check_model(model)
    return model
