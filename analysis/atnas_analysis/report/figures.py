# SPDX-License-Identifier: Apache-2.0
"""Charts and cells as files for a paper, drawn by Matplotlib with fonts embedded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..drawing import BOX_HEIGHT, BOX_WIDTH, INPUTS, RADIUS, TITLES, TURN, Layout, family_of
from ..problem import Problem
from ..space import Edge
from .chart import Figure
from .plots import SETTINGS, figure_of
from .source import Source

FORMATS = ("png", "pdf", "svg")
FILLS = {"pool": "#cfe4f7", "skip": "#e6e8eb", "conv": "#fbdcc0", "dil": "#dcefd2"}
EDGE = {"color": "#7b8794", "linewidth": 0.9, "zorder": 1}


def cell_figure(nodes: Sequence[tuple[Edge, Edge]], title: str):
    """As drawing.py lays it out."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Circle, FancyBboxPatch

    layout = Layout(nodes)
    figure = Figure(figsize=(layout.width / 105, layout.height / 105))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, layout.width), ylim=(layout.height, 0))
    axes.axis("off")
    axes.text(10, 18, title, fontweight="bold", va="center")

    def box(x: float, y: float, width: float, height: float, fill: str, text: str) -> None:
        axes.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, zorder=2, linewidth=0.7,
                                      boxstyle="round,pad=0,rounding_size=5", facecolor=fill, edgecolor="#7b8794"))
        axes.text(x, y, text, ha="center", va="center", zorder=3, fontsize=7)

    def turn(x: float, y: float, to: float, end: float) -> None:
        at = np.linspace(0, 1, 30)
        axes.plot(np.append(x + at * (TURN - 4), end), np.append(y + (to - y) * (3 * at**2 - 2 * at**3), to), **EDGE)

    out = layout.width - 36
    for source, name in enumerate(INPUTS):
        box(layout.x(source), layout.y(source), 76, BOX_HEIGHT, "white", name)
    for number, node in enumerate(nodes):
        x, y = layout.x(number + 2), layout.y(number + 2)
        for which, edge in enumerate(node):
            row, middle = layout.row(2 * number + which), x - RADIUS - 26 - BOX_WIDTH / 2
            turn(layout.exit(edge.source), layout.y(edge.source), row, middle - BOX_WIDTH / 2)
            axes.plot([middle + BOX_WIDTH / 2, x - RADIUS], [row, y], **EDGE)
            box(middle, row, BOX_WIDTH, BOX_HEIGHT, FILLS[family_of(edge.operation)], edge.operation)
        axes.plot([x + RADIUS, out - 26], [y, y], **EDGE)
        axes.add_patch(Circle((x, y), RADIUS, facecolor="#ffe9a8", edgecolor="#7b8794", linewidth=0.7, zorder=2))
        axes.text(x, y, str(number + 2), ha="center", va="center", zorder=3, fontsize=7)
    top, bottom = layout.row(0) - 8, layout.row(2 * len(nodes) - 1) + 8
    box(out, (top + bottom) / 2, 52, bottom - top, "white", "concat")
    return figure


def write_figures(source: Source, charts: Sequence[Figure], folder: Path) -> list[Path]:
    """Each as PNG, PDF and SVG."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot make the folder {folder}", error.strerror or str(error), "check the name") from None
    import matplotlib

    written = []
    with matplotlib.rc_context(SETTINGS):
        figures = {chart.slug: figure_of([chart]) for chart in charts}
        genotype = None if source.checkpoint.trains else source.checkpoint.genotype
        for name, nodes in (genotype.cells.items() if genotype else ()):
            if name in source.checkpoint.space.used:
                figures[f"cell-{name}"] = cell_figure(nodes, TITLES[name])
        for slug, figure in figures.items():
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # laid out once for all formats
            for ending in FORMATS:
                path = folder / f"{slug}.{ending}"
                try:
                    figure.savefig(path, dpi=200)
                except OSError as error:
                    raise Problem(f"cannot write {path}", error.strerror or str(error), "check the folder") from None
                written.append(path)
    return written
