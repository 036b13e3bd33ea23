# SPDX-License-Identifier: Apache-2.0
"""Search spaces: what the numbers of a genotype mean."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from .problem import Problem

#: The operations that a preset of the space ``cell`` chooses from, in the order of their numbers.
OPERATIONS: dict[str, tuple[str, ...]] = {
    "metanas": ("max_pool_3x3", "avg_pool_3x3", "skip_connect", "conv_1x5_5x1", "conv_3x3", "sep_conv_3x3",
                "dil_conv_3x3"),
    "darts": ("none", "max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3",
              "dil_conv_5x5"),
}
NODES = {"metanas": 3, "darts": 4}
GENES_PER_NODE = 4  # input a, input b, operation a, operation b
CELLS = ("normal", "reduce")
Number = TypeVar("Number", int, float)


def number_of(deck: Mapping[str, str], key: str, kind: Callable[[str], Number] = int) -> Number:
    """A number of a deck, 0 where it has no such key.

    >>> number_of({"evo.max_latency": "1.5"}, "evo.max_latency", float), number_of({}, "space.cells")
    (1.5, 0)
    """
    text = str(deck.get(key, ""))
    try:
        return kind(text or "0")
    except ValueError:
        raise Problem(f"{key} of the deck is {text}", "a number is wanted", "use another copy of the file") from None


@dataclass(frozen=True)
class Edge:
    """An operation and where its input comes from: 0 and 1 are the inputs of the cell, 2, 3, ... its nodes."""

    operation: str
    source: int


@dataclass(frozen=True)
class Genotype:
    """An architecture encode, decoded. ``cells`` maps the type of a cell to its nodes; each node adds up two edges."""

    space: str
    cells: Mapping[str, tuple[tuple[Edge, Edge], ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        """As ATNAS writes it."""
        if not self.cells:
            return self.space
        return ";".join(name + "=" + "|".join("+".join(f"{e.operation}:{e.source}" for e in node) for node in nodes)
                        for name, nodes in self.cells.items())

    @staticmethod
    def parse(text: str) -> Genotype:
        """The inverse of ``str``.

        >>> g = Genotype.parse("normal=conv_3x3:0+skip_connect:1;reduce=max_pool_3x3:0+conv_3x3:1")
        >>> g.cells["reduce"][0][1]
        Edge(operation='conv_3x3', source=1)
        """
        if "=" not in text:
            return Genotype(text)
        cells = {}
        try:
            for cell in text.split(";"):
                name, nodes = cell.split("=")
                cells[name] = tuple(_node(node, number) for number, node in enumerate(nodes.split("|"), 2))
        except (ValueError, IndexError):
            raise Problem(f"encode '{text}' cannot be read", "it must be 'normal=OP:INPUT+OP:INPUT|...;reduce=...'",
                          "copy one from metrics.jsonl") from None
        return Genotype("cell", cells)


def _node(text: str, number: int) -> tuple[Edge, Edge]:
    """Refuses inputs that are not before the node of this number."""
    a, b = (edge.split(":") for edge in text.split("+"))
    edges = Edge(a[0], int(a[1])), Edge(b[0], int(b[1]))
    if not all(0 <= edge.source < number for edge in edges):
        raise ValueError
    return edges


@dataclass(frozen=True)
class Space:
    """The search space of a deck.

    >>> space = Space.of({"space.kind": "cell", "space.preset": "metanas", "space.cells": "4",
    ...                   "space.reductions": "1,3"})
    >>> space.genes[2]
    'normal node 2 operation a'
    >>> space.used
    ('normal', 'reduce')
    """

    kind: str
    preset: str = ""
    #: Types of cells that the networks have.
    used: tuple[str, ...] = ()

    @staticmethod
    def of(deck: Mapping[str, str]) -> Space:
        kind = deck.get("space.kind", "")
        if kind != "cell":
            return Space(kind)
        preset = deck.get("space.preset", "")
        if preset not in OPERATIONS:
            raise Problem(f"the preset '{preset}' is not known", f"this package knows {', '.join(OPERATIONS)}",
                          "use the package that came with the program")
        reductions = [text for text in deck.get("space.reductions", "").split(",") if text.strip()]
        cells = number_of(deck, "space.cells")
        used = (["normal"] if cells > len(reductions) else []) + (["reduce"] if reductions else [])
        return Space(kind, preset, tuple(used))

    @property
    def operations(self) -> tuple[str, ...]:
        return OPERATIONS.get(self.preset, ())

    @functools.cached_property
    def genes(self) -> list[str]:
        """What each gene decides, as ``atnas info`` calls it."""
        return [f"{'normal' if cell == 'normal' else 'reduction'} node {node + 2} {gene}"
                for cell in (CELLS if self.preset else ()) for node in range(NODES[self.preset])
                for gene in ("input a", "input b", "operation a", "operation b")]

    def operation_genes(self, cell: str) -> list[int]:
        """Indices of the genes that choose an operation in cells of a type."""
        start = CELLS.index(cell) * NODES[self.preset] * GENES_PER_NODE
        return [start + node * GENES_PER_NODE + which for node in range(NODES[self.preset]) for which in (2, 3)]

    def decode(self, genes: Iterable[int]) -> Genotype:
        """
        >>> str(Space("conv4").decode([]))
        'conv4'
        """
        genes = [int(gene) for gene in genes]
        if len(genes) != len(self.genes):
            raise Problem("a genotype cannot be decoded", f"it has {len(genes)} genes, {len(self.genes)} are expected")
        if not genes:
            return Genotype(self.kind)
        operations = self.operations
        nodes = []
        for i in range(0, len(genes), GENES_PER_NODE):
            a, b, first, second = genes[i:i + GENES_PER_NODE]
            node = i // GENES_PER_NODE % NODES[self.preset]
            if not (0 <= a < b <= node + 1 and 0 <= first < len(operations) and 0 <= second < len(operations)):
                raise Problem("a genotype cannot be decoded", f"node {node + 2} has the genes {genes[i:i + 4]}")
            nodes.append((Edge(operations[first], a), Edge(operations[second], b)))
        half = len(nodes) // 2
        return Genotype(self.kind, {"normal": tuple(nodes[:half]), "reduce": tuple(nodes[half:])})

    def check(self, genotype: Genotype) -> None:
        """Refuses a genotype of another space.

        >>> Space("conv4").check(Genotype("conv5"))
        Traceback (most recent call last):
        ...
        atnas_analysis.problem.Problem: encode 'conv5' is not of the space conv4, write 'conv4'
        """
        def fits(cell: str) -> bool:
            nodes = genotype.cells.get(cell, ())
            return len(nodes) == NODES[self.preset] and all(
                a.source != b.source and {a.operation, b.operation} <= set(self.operations) for a, b in nodes)

        if not self.preset and str(genotype) != self.kind:
            raise Problem(f"encode '{genotype}' is not of the space {self.kind}", "", f"write '{self.kind}'")
        if self.preset and not all(map(fits, CELLS)):
            raise Problem(f"encode '{genotype}' is not of the space of the file",
                          f"its cells have {NODES[self.preset]} nodes of two inputs each, and the operations "
                          f"{', '.join(self.operations)}", "copy one from metrics.jsonl")

    def text(self, genes: Iterable[int]) -> str:
        return str(self.decode(genes))
