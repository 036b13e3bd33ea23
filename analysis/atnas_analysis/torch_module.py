# SPDX-License-Identifier: Apache-2.0
"""Networks of ATNAS as modules of PyTorch, and back."""

from __future__ import annotations

import math
import os

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .changed_copy import StoredMember, write_checkpoint_copy, write_copy
from .checkpoint import Checkpoint
from .graph import FEATURE_EPSILON, NORM_EPSILON, Graph, Operation
from .network import Network
from .opener import open_network
from .problem import BAD_ARGUMENTS, Problem
from .subnet import Subnet, subnets_of


class FeatureScale(nn.Module):
    """Features [n, f] times a gain and a learned factor; brought to the length 1 before, where the head is cosine."""

    def __init__(self, gain: float, to_length_one: bool) -> None:
        super().__init__()
        self.gain, self.to_length_one = gain, to_length_one
        self.log_scale = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        if self.to_length_one:
            x = x * torch.rsqrt(x.square().sum(1, keepdim=True) + FEATURE_EPSILON)
        return self.gain * self.log_scale.exp() * x


def _layer(graph: Graph, operation: Operation) -> nn.Module:
    """What holds the weights of an operation."""
    width = graph.width(operation.inputs[0])
    if operation.kind == "convolution":
        return nn.Conv2d(width, operation.shape[0], operation.kernel, operation.stride, operation.pad,
                         operation.dilation, operation.groups, bias="bias" in operation.weights)
    if operation.kind == "norm":
        return nn.BatchNorm2d(width, NORM_EPSILON, affine=bool(operation.weights))
    if operation.kind == "feature_scale":
        return FeatureScale(operation.gain, operation.to_length_one)
    return nn.Linear(width, operation.shape[0])


#: Names of the layers' tensors where they are not those of files.
TENSORS = {"norm": {"scale": "weight", "shift": "bias"}}


def _blocks(operation: Operation, layer: nn.Module) -> dict[str, Tensor]:
    """The tensors of a layer by the names that they have in files."""
    names = TENSORS.get(operation.kind, {})
    return {weight.name: getattr(layer, names.get(role, role)) for role, weight in operation.weights.items()}


class SubnetModule(nn.Module):
    """One network: images [n, channels, height, width] to logits [n, classes], or to features [n, f]."""

    def __init__(self, subnet: Subnet) -> None:
        super().__init__()
        self.graph, self.encode = subnet.graph, str(subnet.genotype)
        self.layers = nn.ModuleDict({operation.name: _layer(self.graph, operation)
                                     for operation in self.graph.operations if operation.name})
        with torch.no_grad():
            blocks = self.blocks()
            for weight in (weight for operation in self.graph.operations for weight in operation.weights.values()):
                blocks[weight.name].copy_(torch.from_numpy(subnet.block(weight)))
            for norm, moments in zip(self.norms(), subnet.moments):
                norm.running_mean.copy_(torch.from_numpy(moments[0]))
                norm.running_var.copy_(torch.from_numpy(moments[1]))

    def blocks(self) -> dict[str, Tensor]:
        """Parameters by the names of blocks in files."""
        found: dict[str, Tensor] = {}
        for operation in self.graph.operations:
            if operation.name:
                found.update(_blocks(operation, self.layers[operation.name]))
        return found

    def norms(self) -> list[nn.BatchNorm2d]:
        """In the order of the moments in files."""
        return [self.layers[norm.name] for norm in self.graph.norms]

    def forward(self, images: Tensor) -> Tensor:
        values = [images]
        for operation in self.graph.operations:
            values.append(self._compute(operation, [values[i] for i in operation.inputs], images))
        return values[-1]

    def _compute(self, operation: Operation, x: list[Tensor], images: Tensor) -> Tensor:
        if operation.name:
            return self.layers[operation.name](x[0])
        kind = operation.kind
        if kind == "relu":
            return functional.relu(x[0])
        if kind == "max_pool":
            return functional.max_pool2d(x[0], operation.kernel, operation.stride, operation.pad)
        if kind == "average_pool":
            return functional.avg_pool2d(x[0], operation.kernel, operation.stride, operation.pad,
                                         count_include_pad=False)
        if kind == "sum":
            return sum(x[1:], x[0])
        if kind == "zeros":
            return images.new_zeros(len(images), *operation.shape)
        if kind == "subsample":
            first, (rows, columns) = operation.offset, operation.lacks
            return functional.pad(x[0], (0, columns, 0, rows))[:, :, first::2, first::2]
        return torch.cat(x, 1) if kind == "concat" else x[0].flatten(1)


class NetworkModule(nn.Module):
    """The networks of a file. ``forward`` takes images [n, channels, height, width] of values in [0, 1].

    Where they tell classes apart it gives the logarithms of probabilities [n, classes], of several networks those of
    their mean probabilities: what a cross-entropy loss and ``exp`` take. Otherwise it gives features [n, f].
    """

    def __init__(self, subnets: list[Subnet], classes: list[str]) -> None:
        super().__init__()
        self.members = nn.ModuleList(SubnetModule(subnet) for subnet in subnets)
        self.classifies = all(subnet.classifies for subnet in subnets)
        #: Names by label; empty where the file has none.
        self.classes = classes

    @property
    def encodes(self) -> list[str]:
        return [member.encode for member in self.members]

    def forward(self, images: Tensor) -> Tensor:
        if not self.classifies:
            return self.members[0](images)
        each = torch.stack([member(images).log_softmax(1) for member in self.members])
        return each.logsumexp(0) - math.log(len(self.members))


def to_torch(file: str | os.PathLike[str] | Network | Checkpoint, encode: str | None = None) -> NetworkModule:
    """The networks of a file of ``atnas adapt`` or ``atnas train``; or, with the weights of a meta-network, that of an
    encode (by default the best) of a checkpoint of ``atnas search``.

    A network comes in evaluation mode and computes what ``atnas predict --task.query_copies=0`` does.

    A checkpoint's comes in training mode: files keep no statistics of a meta-network, a batch is normalised by its own.
    It has the averaged weights where there are any (``meta.average``). With the heads proto and cosine its features are
    scaled as the head takes them.
    """
    with open_network(file) as opened:
        module = NetworkModule(subnets_of(opened, encode), opened.classes if isinstance(opened, Network) else [])
        return module.train(isinstance(opened, Checkpoint))


def from_torch(module: NetworkModule, file: str | os.PathLike[str] | Network | Checkpoint,
               output: str | os.PathLike[str]) -> None:
    """Writes a copy of a file with the weights of a module that ``to_torch`` made of it, whatever it learned since.

    The copy of a network has its running statistics too, has no figures, and its origin names this package. That of a
    checkpoint has the weights of the module's encode, averaged ones too; individuals keep the fitness that they had.
    Neither is called reproducible.
    """
    if not isinstance(module, NetworkModule):
        raise Problem(f"{type(module).__name__} is no module of to_torch", "", "give what to_torch returned",
                      BAD_ARGUMENTS)
    with open_network(file) as opened:
        subnets = subnets_of(opened, module.encodes[0] if isinstance(opened, Checkpoint) else None)
        if [member.graph.operations for member in module.members] != [subnet.graph.operations for subnet in subnets]:
            raise Problem(f"the module is not of {opened.path}", "its operations are others", "name the file that it "
                          "was made of", BAD_ARGUMENTS)
        members = [_stored(member) for member in module.members]
        if isinstance(opened, Checkpoint):
            write_checkpoint_copy(opened, members[0].weights, output)
        else:
            write_copy(opened, members, output)


def _stored(member: SubnetModule) -> StoredMember:
    moments = [_array(tensor) for norm in member.norms() for tensor in (norm.running_mean, norm.running_var)]
    return StoredMember({name: _array(tensor) for name, tensor in member.blocks().items()},
                        np.concatenate(moments) if moments else np.zeros(0, np.float32))


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().to(torch.float32).numpy()
