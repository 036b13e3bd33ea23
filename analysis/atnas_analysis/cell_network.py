# SPDX-License-Identifier: Apache-2.0
"""Networks of cells (DARTS: Liu et al. 2019; MetaNAS: Elsken et al. 2020), operation by operation as in
``src/space/cell/cell_network.cpp``: names and order are those of weights and moments in files."""

from __future__ import annotations

from dataclasses import dataclass

from .graph import Graph
from .space import Edge, Genotype


@dataclass(frozen=True)
class CellOptions:
    """Keys of a deck's ``[space]``."""

    preset: str
    channels: int
    cells: int
    #: Numbers of the cells that halve the image.
    reductions: tuple[int, ...]
    growth: int
    stem: str
    stem_multiplier: int
    affine: bool


class CellNetwork:
    """Draws a network into a graph, up to its features."""

    def __init__(self, graph: Graph, options: CellOptions, genotype: Genotype) -> None:
        self._graph, self._options, self._genotype = graph, options, genotype
        self._channels = options.channels

    def build(self) -> int:
        """Gives the features."""
        graph = self._graph
        before = last = self._stem()
        after_reduction = False
        for cell in range(self._options.cells):
            reduction = cell in self._options.reductions
            if reduction:
                self._channels *= self._options.growth
            name = f"cell{cell}"
            enter = self._factorised_reduce if after_reduction else self._relu_conv_norm
            values = [enter(before, name + "/input0"), self._relu_conv_norm(last, name + "/input1")]
            for edges in self._genotype.cells["reduce" if reduction else "normal"]:
                values.append(self._node(values, edges, name, reduction))
            before, last, after_reduction = last, graph.concat(values[2:]), reduction
        size = graph.shape(last)[1:]
        return graph.flatten(graph.pool(last, "average_pool", size, (1, 1)))

    def _stem(self) -> int:
        graph, width = self._graph, self._options.stem_multiplier * self._options.channels
        window = {"kernel": (3, 3), "pad": (1, 1)}
        if self._options.stem == "single":
            return graph.norm(graph.convolution(0, width, "stem/conv", **window), "stem/norm")
        x = graph.norm(graph.convolution(0, width // 2, "stem/conv0", **window), "stem/norm0")
        x = graph.relu(graph.pool(x, "max_pool", (2, 2), (2, 2)))
        x = graph.norm(graph.convolution(x, width, "stem/conv1", **window), "stem/norm1")
        return graph.pool(x, "max_pool", (2, 2), (2, 2))

    def _node(self, values: list[int], edges: tuple[Edge, Edge], cell: str, reduction: bool) -> int:
        terms = []
        for edge in edges:
            if edge.operation != "none":
                name = f"{cell}/node{len(values)}/from{edge.source}/{edge.operation}"
                stride = 2 if reduction and edge.source < 2 else 1
                terms.append(self._operation(values[edge.source], edge.operation, stride, name))
        if terms:
            return self._graph.sum(terms)
        channels, height, width = self._graph.shape(values[0])
        return self._graph.zeros((channels, (height + 1) // 2, (width + 1) // 2) if reduction
                                 else (channels, height, width))

    def _operation(self, x: int, operation: str, stride: int, name: str) -> int:
        if operation == "skip_connect":
            return x if stride == 1 else self._factorised_reduce(x, name)
        if operation in ("max_pool_3x3", "avg_pool_3x3"):
            return self._pool(x, "max_pool" if operation.startswith("max") else "average_pool", stride, name)
        if operation == "conv_1x5_5x1":
            x = self._graph.convolution(self._graph.relu(x), self._channels, name + "/conv1x5", (1, 5), (1, stride),
                                        (0, 2))
            x = self._graph.convolution(x, self._channels, name + "/conv5x1", (5, 1), (stride, 1), (2, 0))
            return self._norm(x, name + "/norm")
        kernel = int(operation[-1])
        if operation.startswith("sep_conv"):
            x = self._separable(x, kernel, stride, 1, name, "1")
            return self._separable(x, kernel, 1, 1, name, "2")
        return self._separable(x, kernel, stride, 2 if operation.startswith("dil_conv") else 1, name, "")

    def _separable(self, x: int, kernel: int, stride: int, dilation: int, name: str, part: str) -> int:
        """ReLU, depthwise, pointwise, norm."""
        pad = dilation * (kernel // 2)
        x = self._graph.convolution(self._graph.relu(x), self._channels, f"{name}/depthwise{part}", (kernel, kernel),
                                    (stride, stride), (pad, pad), dilation, groups=self._channels)
        return self._norm(self._graph.convolution(x, self._channels, f"{name}/pointwise{part}"), f"{name}/norm{part}")

    def _pool(self, x: int, kind: str, stride: int, name: str) -> int:
        pooled = self._graph.pool(x, kind, (3, 3), (stride, stride), (1, 1))
        return self._graph.norm(pooled, name + "/norm", self._options.affine and self._options.preset != "darts")

    def _norm(self, x: int, name: str) -> int:
        return self._graph.norm(x, name, self._options.affine)

    def _relu_conv_norm(self, x: int, name: str) -> int:
        return self._norm(self._graph.convolution(self._graph.relu(x), self._channels, name + "/conv"), name + "/norm")

    def _factorised_reduce(self, x: int, name: str) -> int:
        """Halves the grid: 1x1 convolutions on its even and on its odd pixels, side by side."""
        graph, half = self._graph, self._channels // 2
        x = graph.relu(x)
        even = graph.convolution(graph.subsample(x, 0), half, name + "/even")
        odd = graph.convolution(graph.subsample(x, 1), self._channels - half, name + "/odd")
        return self._norm(graph.concat([even, odd]), name + "/norm")
