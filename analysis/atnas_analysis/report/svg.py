# SPDX-License-Identifier: Apache-2.0
"""Figures of the page, whose style sheet gives them their colours."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .chart import Bars, Chart, Figure, Graph, Intervals
from .svg_bars import bars_body
from .svg_curves import curves_body
from .svg_graph import graph_body
from .svg_intervals import intervals_body

BODIES = {Chart: curves_body, Bars: bars_body, Intervals: intervals_body, Graph: graph_body}


@dataclass(frozen=True)
class Drawing:
    """The inside of an SVG of ``width`` x ``height``, the names of its colours, and what a script shows (JSON)."""

    body: str
    width: float
    height: float
    names: list[tuple[str, int]]
    data: str = ""


def drawing_of(figure: Figure) -> Drawing:
    """Of a figure that is not empty."""
    return Drawing(*BODIES[type(figure)](figure))


def legend(names: list[tuple[str, int]]) -> str:
    if len(names) < 2:
        return ""
    items = "".join(f'<span><i class="s{colour}"></i>{escape(name)}</span>' for name, colour in names)
    return f'<div class="legend">{items}</div>'


def svg_chart(figure: Figure) -> str:
    """A figure of the page; a sentence where there is nothing to show."""
    note, body = figure.note, ""
    if figure.empty:
        note = "Nothing to show yet."
    else:
        drawn = drawing_of(figure)
        svg = (f'<svg class="chart" viewBox="0 0 {drawn.width:g} {drawn.height:g}" role="img" '
               f'aria-label="{escape(figure.title)}">{drawn.body}</svg>')
        data = f'<script type="application/json">{drawn.data}</script>' if drawn.data else ""
        body = f'<div class="plot">{svg}{data}</div>{legend(drawn.names)}'
    text = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<figure id="figure-{figure.slug}"><figcaption>{escape(figure.title)}</figcaption>{body}{text}</figure>'
