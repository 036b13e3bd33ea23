# SPDX-License-Identifier: Apache-2.0
"""A directed graph as SVG: nodes on a circle, arrows as thick as what they carry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

import numpy as np

from .chart import Graph

WIDTH, HEIGHT, RING, NODE, HEAD, BEND, THICKEST = 640, 420, 165.0, 17.0, 11.0, 0.16, 13.0
#: Of the layers: all, a part of them, a part of that.
COLOURS = (5, 0, 1)


@dataclass(frozen=True)
class Ring:
    """Where things are, in a picture of WIDTH x HEIGHT."""

    graph: Graph

    @property
    def radius(self) -> float:
        """Of a node; neighbours do not touch."""
        return min(NODE, 0.4 * 2 * math.pi * RING / max(len(self.graph.nodes), 1))

    def node(self, number: int) -> np.ndarray:
        """Its middle, [2]; the first is at the top, others follow clockwise."""
        angle = 2 * math.pi * number / len(self.graph.nodes) - math.pi / 2
        return np.array([WIDTH / 2 + RING * math.cos(angle), HEIGHT / 2 + RING * math.sin(angle)])

    def arrow(self, start: int, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Of an edge: where it begins, the control point of its curve, where its head begins, and the tip, [2] each.
        It bends to one side: the way back bends to the other."""
        a, b = self.node(start), self.node(end)
        along = b - a
        control = (a + b) / 2 + BEND * np.array([-along[1], along[0]])

        def towards(point: np.ndarray, far: float) -> np.ndarray:
            direction = control - point
            return point + far * direction / np.linalg.norm(direction)

        return (towards(a, self.radius), control, towards(b, self.radius + HEAD), towards(b, self.radius + 1))

    def thickness(self, value: float) -> float:
        most = max(max(values) for _, _, values in self.graph.edges)
        return 0.0 if value <= 0 else max(THICKEST * value / most, 1.2)

    def head(self, start: int, end: int, width: float) -> np.ndarray:
        """Corners of the arrow's head, [3, 2]."""
        _, _, base, tip = self.arrow(start, end)
        along = (tip - base) / np.linalg.norm(tip - base)
        across = np.array([-along[1], along[0]]) * (width / 2 + 3.5)
        return np.array([base + across, tip, base - across])

    def top(self, values) -> int:
        """The last layer that has any: it colours the head."""
        return max((i for i, value in enumerate(values) if value > 0), default=0)


def edge_text(graph: Graph, start: int, end: int, values) -> str:
    figures = ", ".join(f"{name}: {value:g}" for name, value in zip(graph.layers, values))
    return f"{graph.nodes[start]} to {graph.nodes[end]}: {figures}"


def graph_body(graph: Graph) -> tuple[str, float, float, list[tuple[str, int]]]:
    """Inside, width and height of the SVG, and the names of its colours."""
    ring, parts = Ring(graph), []
    for start, end, values in graph.edges:
        begin, control, base, _ = ring.arrow(start, end)
        path = "M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*begin, *control, *base)
        strokes = "".join(f'<path class="flow s{COLOURS[i]}" d="{path}" stroke-width="{ring.thickness(value):.1f}"/>'
                          for i, value in enumerate(values) if value > 0)
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.head(start, end, ring.thickness(values[0])))
        parts.append(f'<g><title>{escape(edge_text(graph, start, end, values))}</title>{strokes}'
                     f'<polygon class="bar s{COLOURS[ring.top(values)]}" points="{corners}"/></g>')
    for number, name in enumerate(graph.nodes):
        x, y = ring.node(number)
        parts.append(f'<circle class="node" cx="{x:.1f}" cy="{y:.1f}" r="{ring.radius:.1f}"/>'
                     f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle">{escape(name)}</text>')
    return "".join(parts), WIDTH, HEIGHT, list(zip(graph.layers, COLOURS))
