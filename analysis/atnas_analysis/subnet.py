# SPDX-License-Identifier: Apache-2.0
"""One network out of a file: its operations, and the numbers that it computes with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .cell_network import CellNetwork, CellOptions
from .checkpoint import Checkpoint
from .deck_file import DeckFile
from .graph import Graph, Shape, Weight
from .network import Member, Network
from .problem import BAD_ARGUMENTS, Problem
from .space import Genotype
from .stored_file import ANOTHER_COPY
from .weights import Weights

LAYERS_OF_CONV4 = 4


@dataclass(frozen=True)
class Subnet:
    """A network with weights; its last value are logits of classes, or features where it tells no classes apart."""

    genotype: Genotype
    graph: Graph
    weights: Weights
    #: For each norm, in the order of the graph, the means and the variances of its channels, [2, channels]; of a
    #: meta-network there are none, a batch is normalised by its own.
    moments: list[np.ndarray]

    def __post_init__(self) -> None:
        for operation in self.graph.operations:
            for weight in operation.weights.values():
                self._check(weight)

    def _check(self, weight: Weight) -> None:
        """Refuses a file that does not have it."""
        if weight.name not in self.weights:
            raise Problem(f"the file has no weights {weight.name}", f"the network {self.genotype} needs them",
                          ANOTHER_COPY)
        found = self.weights.shape(weight.name)
        if [n for n in found if n != 1] != [n for n in weight.shape if n != 1]:
            raise Problem(f"the weights {weight.name} are of the shape {found}", f"{weight.shape} is wanted",
                          ANOTHER_COPY)

    @property
    def classifies(self) -> bool:
        return self.graph.operations[-1].kind == "linear"

    def block(self, weight: Weight) -> np.ndarray:
        """Of one of the graph's weights."""
        return self.weights[weight.name].reshape(weight.shape)


def subnets_of(file: DeckFile, encode: str | None = None) -> list[Subnet]:
    """Those of a network file, best first, or that of an encode (by default the best) of a checkpoint.

    Raises Problem where the file holds none, the encode is not of its space, or parts do not fit together.
    """
    if isinstance(file, Network):
        if encode is not None:
            raise Problem(f"{file.path} has encodes of its own", "it is a network", "leave the encode out",
                          BAD_ARGUMENTS)
        return [_subnet_of_member(file, member) for member in file.members]
    if isinstance(file, Checkpoint):
        return [_subnet_of_checkpoint(file, encode)]
    raise Problem(f"{file.path} holds no network", f"it is a {file.TITLE}", "name a network or a checkpoint")


def image_of(file: DeckFile) -> Shape:
    """(channels, height, width) of the images that its networks take."""
    sizes = file.attributes("/image" if isinstance(file, Network) else "/data")
    try:
        shape = tuple(int(sizes[name]) for name in ("channels", "height", "width"))
    except KeyError as missing:
        raise Problem(f"{file.path} does not say what its images are", f"there is no {missing.args[0]}",
                      "use a file of a newer program") from None
    if min(shape) < 1:
        raise file.damaged(f"its images have the shape {shape}")
    return shape


def _subnet_of_member(file: Network, member: Member) -> Subnet:
    graph = _graph_of(file, member.genotype, len(file.classes), own_head=True)
    sizes = [2 * norm.shape[0] for norm in graph.norms]
    if member.moments.shape != (sum(sizes),):
        raise file.damaged(f"/members/{member.number}/moments has another size than the norms of its network")
    moments = np.split(member.moments, np.cumsum(sizes)[:-1])
    return Subnet(member.genotype, graph, member.weights, [both.reshape(2, -1) for both in moments])


def _subnet_of_checkpoint(file: Checkpoint, encode: str | None) -> Subnet:
    if file.trains:
        raise Problem(f"{file.path} is of a training that has not ended", "only its end says what normalises images",
                      "name the network that atnas train writes")
    genotype = file.genotype if encode is None else Genotype.parse(encode)
    if genotype is None:
        raise Problem(f"{file.path} holds no architecture", "it has no individuals", "give an encode")
    file.space.check(genotype)
    averaged = file.has("/optimizer/average")
    weights = Weights(file, values="/optimizer/average") if averaged else file.weights
    way = _number(file, "task.way")
    return Subnet(genotype, _graph_of(file, genotype, way, own_head=False), weights, [])


def _setting(file: DeckFile, key: str) -> str:
    try:
        return file.deck[key]
    except KeyError:
        raise file.damaged(f"its deck has no {key}") from None


def _numbers(file: DeckFile, key: str) -> list[int]:
    texts = [text.strip() for text in _setting(file, key).split(",") if text.strip()]
    if not all(text.isdecimal() for text in texts):
        raise file.damaged(f"{key} of its deck is {','.join(texts)}")
    return [int(text) for text in texts]


def _number(file: DeckFile, key: str) -> int:
    numbers = _numbers(file, key)
    if len(numbers) != 1:
        raise file.damaged(f"{key} of its deck is no number")
    return numbers[0]


def _graph_of(file: DeckFile, genotype: Genotype, classes: int, own_head: bool) -> Graph:
    """``own_head``: the file holds what a head learns of a task."""
    graph = Graph(image_of(file))
    kind = _setting(file, "space.kind")
    if kind == "cell":
        features = CellNetwork(graph, _cell_options(file), genotype).build()
    elif kind == "conv4":
        features = _conv4(graph, _number(file, "space.channels"), _setting(file, "space.bias") == "true")
    else:
        raise Problem(f"the space {kind} is not known", "this package knows cell and conv4",
                      "use the package that came with the program")
    _add_head(graph, features, _setting(file, "space.head"), classes, own_head)
    return graph


def _cell_options(file: DeckFile) -> CellOptions:
    return CellOptions(_setting(file, "space.preset"), _number(file, "space.channels"),
                       _number(file, "space.cells"), tuple(_numbers(file, "space.reductions")),
                       _number(file, "space.growth"), _setting(file, "space.stem"),
                       _number(file, "space.stem_multiplier"), _setting(file, "space.affine") == "true")


def _conv4(graph: Graph, channels: int, bias: bool) -> int:
    """The network of the MAML papers (Finn et al. 2017)."""
    x = 0
    for number in range(LAYERS_OF_CONV4):
        x = graph.convolution(x, channels, f"block{number}/conv", (3, 3), pad=(1, 1), bias=bias)
        x = graph.pool(graph.relu(graph.norm(x, f"block{number}/norm")), "max_pool", (2, 2), (2, 2))
    return graph.flatten(x)


def _add_head(graph: Graph, features: int, head: str, classes: int, own: bool) -> None:
    """From features to logits, as far as the file has the weights for it."""
    if head == "linear":
        graph.linear(features, classes, "head/weight", "head/bias")
        return
    if head in ("proto", "cosine"):
        cosine = head == "cosine"
        gain = math.sqrt(10.0) if cosine else math.sqrt(10.0 / graph.width(features))
        features = graph.feature_scale(features, "head/log_scale", gain, to_length_one=cosine)
    elif head != "zero":
        raise Problem(f"the head {head} is not known", "", "use the package that came with the program")
    if own:
        graph.linear(features, classes, "head/own0", "head/own1")
