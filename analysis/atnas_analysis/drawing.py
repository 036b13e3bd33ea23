# SPDX-License-Identifier: Apache-2.0
"""Pictures of cells, as SVG and for Graphviz.

Every operation is a box left of the node that it belongs to, in a row of its own. A line leaves its source, turns into
the row of its box and runs along it: so no line crosses a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .problem import Problem
from .space import Edge, Genotype

ROW, BOX_WIDTH, BOX_HEIGHT, TURN, RADIUS, LEFT, TOP = 38, 118, 26, 46, 13, 104, 34
INPUTS = ("c[k-2]", "c[k-1]")
TITLES = {"normal": "Normal cell", "reduce": "Reduction cell"}

STYLE = """
.cell { --ink: #1d2733; --line: #7b8794; --paper: #ffffff; --pool: #cfe4f7; --skip: #e6e8eb; --conv: #fbdcc0;
  --dil: #dcefd2; --node: #ffe9a8; font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; }
.cell text { fill: var(--ink); text-anchor: middle; dominant-baseline: central; }
.cell .title { text-anchor: start; font-weight: 600; font-size: 14px; }
.cell .edge { fill: none; stroke: var(--line); stroke-width: 1.4; }
.cell rect, .cell circle { stroke: var(--line); stroke-width: 1; }
.cell .pool { fill: var(--pool); } .cell .skip { fill: var(--skip); } .cell .conv { fill: var(--conv); }
.cell .dil { fill: var(--dil); } .cell .node { fill: var(--node); } .cell .end { fill: var(--paper); }
@media (prefers-color-scheme: dark) { .cell { --ink: #e8edf2; --line: #8b98a5; --paper: #1c232b; --pool: #24435e;
  --skip: #3a424b; --conv: #6a4526; --dil: #35552a; --node: #5f5115; } }
"""


def family_of(operation: str) -> str:
    """What kind of operation it is, for its colour."""
    if "pool" in operation:
        return "pool"
    if operation.startswith("dil"):
        return "dil"
    return "skip" if operation in ("skip_connect", "none") else "conv"


@dataclass(frozen=True)
class Layout:
    """Where things of a cell are. Rows of operations are numbered over all nodes."""

    nodes: Sequence[tuple[Edge, Edge]]

    @property
    def depths(self) -> list[int]:
        """How many nodes a value passes at most: the column of each node, 0 and 1 being inputs."""
        depths = [0, 0]
        for node in self.nodes:
            depths.append(1 + max(depths[edge.source] for edge in node))
        return depths

    def x(self, source: int) -> float:
        """The middle of an input or a node."""
        if source < 2:
            return LEFT - 44
        return LEFT + self.depths[source] * (TURN + BOX_WIDTH + 26 + 2 * RADIUS) - RADIUS

    def row(self, index: int) -> float:
        return TOP + 24 + index * ROW

    def y(self, source: int) -> float:
        """Between the rows of its operations; inputs are beside the first nodes."""
        return self.row(2 * source) + ROW / 2 if source < 2 else self.row(2 * (source - 2)) + ROW / 2

    def exit(self, source: int) -> float:
        return self.x(source) + (38 if source < 2 else RADIUS)

    @property
    def width(self) -> float:
        return LEFT + max(self.depths) * (TURN + BOX_WIDTH + 26 + 2 * RADIUS) + TURN + 70

    @property
    def height(self) -> float:
        return self.row(2 * max(len(self.nodes), 2))


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"' + (f' class="{kind}"' if kind else "") + f">{escape(text)}</text>"


def _box(x: float, y: float, size: tuple[float, float], kind: str, text: str) -> str:
    width, height = size
    return (f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" height="{height:g}" rx="6" '
            f'class="{kind}"/>' + _text(x, y, text))


def _turn(x: float, y: float, to: float, end: float) -> str:
    """A line that turns into another row, and on to the end."""
    if y == to:
        return f'<path class="edge" d="M{x:g} {y:g}H{end:g}"/>'
    middle, stop = x + TURN / 2, x + TURN - 4
    return f'<path class="edge" d="M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {to:g} {stop:g} {to:g}H{end:g}"/>'


def cell_body(nodes: Sequence[tuple[Edge, Edge]], title: str) -> tuple[str, float, float]:
    """The inside of an SVG, its width and its height."""
    layout = Layout(nodes)
    out_x, lines, shapes = layout.width - 36, [], []
    for source, name in enumerate(INPUTS):
        shapes.append(_box(layout.x(source), layout.y(source), (76, BOX_HEIGHT), "end", name))
    for number, node in enumerate(nodes):
        x, y = layout.x(number + 2), layout.y(number + 2)
        for which, edge in enumerate(node):
            row = layout.row(2 * number + which)
            box = x - RADIUS - 26 - BOX_WIDTH / 2
            lines.append(_turn(layout.exit(edge.source), layout.y(edge.source), row, box - BOX_WIDTH / 2))
            right = box + BOX_WIDTH / 2
            lines.append(f'<path class="edge" d="M{right:g} {row:g}C{right + 14:g} {row:g} {right + 10:g} {y:g} '
                         f'{x - RADIUS:g} {y:g}"/>')
            shapes.append(_box(box, row, (BOX_WIDTH, BOX_HEIGHT), family_of(edge.operation), edge.operation))
        lines.append(f'<path class="edge" d="M{x + RADIUS:g} {y:g}H{out_x - 26:g}"/>')
        shapes.append(f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}" class="node"/>' + _text(x, y, str(number + 2)))
    top, bottom = layout.row(0) - 8, layout.row(2 * len(nodes) - 1) + 8
    shapes.append(_box(out_x, (top + bottom) / 2, (52, bottom - top), "end", "concat"))
    return _text(10, 18, title, "title") + "".join(lines + shapes), layout.width, layout.height


def _document(body: str, width: float, height: float) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" class="cell" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" role="img"><style>{STYLE}</style>{body}</svg>')


def svg_of(genotype: Genotype) -> str:
    """All cells of a genotype, one below the other, as a document of its own.

    >>> svg_of(Genotype.parse("normal=conv_3x3:0+skip_connect:1;reduce=conv_3x3:0+conv_3x3:1")).count("<rect")
    10
    """
    if not genotype.cells:
        raise Problem(f"networks of the space {genotype.space} cannot be drawn", "they have no cells")
    bodies, width, height = [], 0.0, 0.0
    for name, nodes in genotype.cells.items():
        body, w, h = cell_body(nodes, TITLES.get(name, name))
        bodies.append(f'<g transform="translate(0 {height:g})">{body}</g>')
        width, height = max(width, w), height + h + 10
    return _document("".join(bodies), width, height)


def cell_svgs(genotype: Genotype) -> dict[str, str]:
    """One picture for each type of cell."""
    return {name: _document(*cell_body(nodes, TITLES.get(name, name))) for name, nodes in genotype.cells.items()}


def dot_of(genotype: Genotype) -> str:
    """For Graphviz: ``dot -Tpdf``."""
    lines = ["digraph genotype {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
    for name, nodes in genotype.cells.items():
        lines += [f"  subgraph cluster_{name} {{", f'    label="{TITLES.get(name, name)}";']
        lines += [f'    {name}_{i} [label="{text}"];' for i, text in enumerate(INPUTS)]
        for number, node in enumerate(nodes, 2):
            lines.append(f'    {name}_{number} [label="{number}", shape=circle];')
            lines += [f'    {name}_{edge.source} -> {name}_{number} [label="{edge.operation}"];' for edge in node]
        lines.append(f'    {name}_out [label="concat"];')
        lines += [f"    {name}_{number} -> {name}_out;" for number in range(2, len(nodes) + 2)] + ["  }"]
    return "\n".join(lines + ["}"])
