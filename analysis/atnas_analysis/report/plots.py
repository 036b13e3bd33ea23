# SPDX-License-Identifier: Apache-2.0
"""Figures drawn by Matplotlib, for papers and as PNG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chart import Bars, Chart, Figure, Graph, Intervals, Mark, Series
from .svg_graph import COLOURS as LAYERS
from .svg_graph import HEIGHT as RING_HEIGHT
from .svg_graph import WIDTH as RING_WIDTH
from .svg_graph import Ring
from .svg_intervals import shortened

SETTINGS = {"pdf.fonttype": 42, "svg.fonttype": "path", "font.size": 9, "axes.spines.top": False,
            "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3, "figure.dpi": 150, "legend.fontsize": 7,
            "legend.frameon": False}
COLOURS = ("#2767b0", "#c8551b", "#258258", "#8d4bab", "#967a00", "#50606f", "#c03a68", "#0d7f90")
WIDTH = 5.2  # of a figure, in inches


def height_of(figure: Figure) -> float:
    """In inches."""
    if isinstance(figure, Bars):
        return 0.8 + 0.28 * len(figure.categories)
    if isinstance(figure, Graph):
        return 4.0
    return 0.9 + 0.3 * len(figure.rows) if isinstance(figure, Intervals) else 3.0


def _series(axes, series: Series, colour: str) -> None:
    if series.mark is Mark.BAND:
        axes.fill_between(series.x, series.y, series.high, color=colour, alpha=0.18, linewidth=0)
    elif series.mark is Mark.POINTS:
        axes.plot(series.x, series.y, "o", color=colour, markersize=3.5, label=series.name or None)
        if series.low is not None and series.high is not None:
            axes.vlines(series.x, series.low, series.high, color=colour, linewidth=1.2)
    else:
        axes.plot(series.x, series.y, color=colour, linewidth=0.6 if series.faint else 1.4,
                  alpha=0.35 if series.faint else 1, label=series.name or None,
                  marker="o" if len(series.x) <= 2 and not series.faint else None)


def _curves(axes, chart: Chart) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    for i, series in enumerate(chart.series):
        _series(axes, series, COLOURS[(i if series.colour is None else series.colour) % len(COLOURS)])
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        if name in chart.log:
            getattr(axes, f"set_{name}scale")("log", base=2)
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axis.set_minor_locator(NullLocator())
    if sum(bool(series.name) for series in chart.series) > 1:
        axes.legend()
    axes.set(xlabel=chart.x_label, ylabel=chart.y_label, title=chart.title)


def _bars(axes, bars: Bars) -> None:
    height = 0.8 / len(bars.values)
    for i, (name, values) in enumerate(bars.values.items()):
        axes.barh(np.arange(len(bars.categories)) + i * height, values, height, color=COLOURS[i], label=name)
    axes.set_yticks(np.arange(len(bars.categories)) + 0.4 - height / 2, bars.categories)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    if len(bars.values) > 1:
        axes.legend()
    axes.set(xlabel=bars.x_label, title=bars.title)


def _intervals(axes, figure: Intervals) -> None:
    for i, (_, mean, half, colour) in enumerate(figure.rows):
        axes.errorbar(mean, i, xerr=None if np.isnan(half) else half, fmt="o", color=COLOURS[colour % len(COLOURS)],
                      markersize=4, capsize=3, linewidth=1.4)
    if figure.zero:
        axes.axvline(0, color="#50606f", linewidth=0.8)
    axes.set_yticks(range(len(figure.rows)), [shortened(row[0]) for row in figure.rows])
    axes.set_ylim(len(figure.rows) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.set(xlabel=figure.x_label, title=figure.title)


def _graph(axes, graph: Graph) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle, PathPatch, Polygon
    from matplotlib.path import Path

    ring = Ring(graph)
    axes.set(xlim=(60, RING_WIDTH - 60), ylim=(RING_HEIGHT, 0), aspect="equal", title=graph.title)
    axes.axis("off")
    for start, end, values in graph.edges:
        curve = Path(ring.arrow(start, end)[:3], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        for i, value in enumerate(values):
            axes.add_patch(PathPatch(curve, fill=False, color=COLOURS[LAYERS[i]], alpha=0.45 if i == 0 else 1,
                                     linewidth=0.6 * ring.thickness(value), capstyle="butt"))
        axes.add_patch(Polygon(ring.head(start, end, ring.thickness(values[0])), linewidth=0,
                               color=COLOURS[LAYERS[ring.top(values)]]))
    for number, name in enumerate(graph.nodes):
        axes.add_patch(Circle(ring.node(number), ring.radius, facecolor="white", edgecolor="#7b8794"))
        axes.text(*ring.node(number), name, ha="center", va="center", fontsize=8)
    axes.legend([Line2D([], [], color=COLOURS[colour], linewidth=3) for colour in LAYERS], graph.layers)


DRAWERS = {Chart: _curves, Bars: _bars, Intervals: _intervals, Graph: _graph}


def figure_of(figures: Sequence[Figure], title: str = ""):
    """A Matplotlib figure with all of them, one below the other."""
    import matplotlib
    from matplotlib.figure import Figure as MatplotlibFigure

    heights = [height_of(figure) for figure in figures]
    with matplotlib.rc_context(SETTINGS):
        whole = MatplotlibFigure(figsize=(WIDTH, sum(heights) + (0.3 if title else 0)), layout="constrained")
        places = whole.subplots(len(figures), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
        for axes, figure in zip(places[:, 0], figures):
            DRAWERS[type(figure)](axes, figure)
        if title:
            whole.suptitle(title, fontweight="bold")
        whole.draw_without_rendering()
    return whole
