# SPDX-License-Identifier: Apache-2.0
"""A network as a list of operations on numbered values: what all its translations have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Shape = tuple[int, ...]
Pair = tuple[int, int]
#: Added to variances, and to the squared lengths of features.
NORM_EPSILON = FEATURE_EPSILON = 1e-5


class Weight(NamedTuple):
    """A block of weights: its name in files, and its shape, where those of files may have more axes of the length 1."""

    name: str
    shape: Shape


@dataclass(frozen=True)
class Operation:
    """One step of a network.

    ``kind`` is convolution, norm, relu, max_pool, average_pool, sum, zeros, subsample, concat, flatten, feature_scale
    or linear. ``weights`` are blocks by their roles: weight, bias, scale, shift, log_scale. Of the rest only what
    belongs to its kind counts.
    """

    kind: str
    inputs: tuple[int, ...]
    output: int
    #: Shape of the output for one image: (channels, height, width), or (features,).
    shape: Shape
    name: str = ""
    weights: dict[str, Weight] = field(default_factory=dict)
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    pad: Pair = (0, 0)
    dilation: int = 1
    groups: int = 1
    #: Of a subsample: its first row and column, and how many rows and columns of zeros its input lacks at the end.
    offset: int = 0
    lacks: Pair = (0, 0)
    #: Of a feature_scale: what features are multiplied by, and whether they are brought to the length 1 before.
    gain: float = 1.0
    to_length_one: bool = False


class Graph:
    """Value 0 is the image, with ``shape`` (channels, height, width); every operation adds a value.

    >>> graph = Graph((1, 12, 12))
    >>> x = graph.convolution(0, 4, "conv", kernel=(3, 3), pad=(1, 1), stride=(2, 2))
    >>> graph.shape(graph.flatten(graph.norm(x, "norm")))
    (144,)
    """

    def __init__(self, shape: Shape) -> None:
        self.operations: list[Operation] = []
        self._shapes = [tuple(shape)]
        self._relus: dict[int, int] = {}

    def shape(self, value: int) -> Shape:
        return self._shapes[value]

    def width(self, value: int) -> int:
        """Channels of a value, or features."""
        return self._shapes[value][0]

    @property
    def norms(self) -> list[Operation]:
        """In the order of the moments in files."""
        return [operation for operation in self.operations if operation.kind == "norm"]

    def _add(self, kind: str, inputs: tuple[int, ...], shape: Shape, **rest) -> int:
        self._shapes.append(shape)
        self.operations.append(Operation(kind, inputs, len(self._shapes) - 1, shape, **rest))
        return len(self._shapes) - 1

    def _window(self, x: int, channels: int, kernel: Pair, stride: Pair, pad: Pair, dilation: int = 1) -> Shape:
        sizes = zip(self.shape(x)[1:], kernel, stride, pad)
        return (channels, *((size + 2 * p - dilation * (k - 1) - 1) // s + 1 for size, k, s, p in sizes))

    def convolution(self, x: int, channels: int, name: str, kernel: Pair = (1, 1), stride: Pair = (1, 1),
                    pad: Pair = (0, 0), dilation: int = 1, groups: int = 1, bias: bool = False) -> int:
        weights = {"weight": Weight(f"{name}/weight", (channels, self.width(x) // groups, *kernel))}
        if bias:
            weights["bias"] = Weight(f"{name}/bias", (channels,))
        return self._add("convolution", (x,), self._window(x, channels, kernel, stride, pad, dilation), name=name,
                         weights=weights, kernel=kernel, stride=stride, pad=pad, dilation=dilation, groups=groups)

    def norm(self, x: int, name: str, affine: bool = True) -> int:
        roles = ("scale", "shift") if affine else ()
        weights = {role: Weight(f"{name}/{role}", (self.width(x),)) for role in roles}
        return self._add("norm", (x,), self.shape(x), name=name, weights=weights)

    def relu(self, x: int) -> int:
        """One for all who ask for that of the same value."""
        if x not in self._relus:
            self._relus[x] = self._add("relu", (x,), self.shape(x))
        return self._relus[x]

    def pool(self, x: int, kind: str, kernel: Pair, stride: Pair, pad: Pair = (0, 0)) -> int:
        """``kind`` is max_pool or average_pool, which leaves the padding out of the count."""
        return self._add(kind, (x,), self._window(x, self.width(x), kernel, stride, pad), kernel=kernel, stride=stride,
                         pad=pad)

    def sum(self, x: list[int]) -> int:
        return self._add("sum", tuple(x), self.shape(x[0]))

    def zeros(self, shape: Shape) -> int:
        return self._add("zeros", (), shape)

    def subsample(self, x: int, offset: int) -> int:
        """Every second row and column from ``offset`` on; zero where that is outside."""
        channels, height, width = self.shape(x)
        return self._add("subsample", (x,), (channels, (height + 1) // 2, (width + 1) // 2), offset=offset,
                         lacks=(offset * (height % 2), offset * (width % 2)))

    def concat(self, x: list[int]) -> int:
        """Channels side by side."""
        return self._add("concat", tuple(x), (sum(map(self.width, x)), *self.shape(x[0])[1:]))

    def flatten(self, x: int) -> int:
        channels, height, width = self.shape(x)
        return self._add("flatten", (x,), (channels * height * width,))

    def feature_scale(self, x: int, log_scale: str, gain: float, to_length_one: bool) -> int:
        weights = {"log_scale": Weight(log_scale, ())}
        return self._add("feature_scale", (x,), self.shape(x), name="head/scale", weights=weights, gain=gain,
                         to_length_one=to_length_one)

    def linear(self, x: int, classes: int, weight: str, bias: str) -> int:
        weights = {"weight": Weight(weight, (classes, self.width(x))), "bias": Weight(bias, (classes,))}
        return self._add("linear", (x,), (classes,), name="head", weights=weights)
