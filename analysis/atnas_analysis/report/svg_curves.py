# SPDX-License-Identifier: Apache-2.0
"""Curves, points and bands as SVG."""

from __future__ import annotations

import json
from html import escape

import numpy as np

from .chart import Chart, Mark, Series
from .scale import Scale, span_of

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 62, 14, 14, 46
COLOURS = 8


def _runs(series: Series, x: Scale, y: Scale) -> list[str]:
    """Places of the points, in parts that hold numbers only."""
    parts: list[list[str]] = [[]]
    for a, b in zip(series.x, np.asarray(series.y, dtype=float)):
        if np.isfinite(b):
            parts[-1].append(f"{x(a):.1f},{y(b):.1f}")
        elif parts[-1]:
            parts.append([])
    return [" ".join(part) for part in parts if part]


def _whiskers(series: Series, kind: str, x: Scale, y: Scale) -> str:
    if series.low is None or series.high is None:
        return ""
    return "".join(f'<path class="line {kind}" d="M{x(at):.1f} {y(low):.1f}V{y(high):.1f}"/>'
                   for at, low, high in zip(series.x, series.low, series.high) if np.isfinite(low + high))


def _mark(series: Series, colour: int, x: Scale, y: Scale) -> str:
    kind = f"s{colour}" + (" faint" if series.faint else "")
    if series.mark is Mark.BAND:
        keep = np.isfinite(series.y) & np.isfinite(series.high)
        low = [f"{x(a):.1f},{y(b):.1f}" for a, b in zip(series.x[keep], series.y[keep])]
        high = [f"{x(a):.1f},{y(b):.1f}" for a, b in zip(series.x[keep], series.high[keep])]
        return f'<polygon class="band {kind}" points="{" ".join(low + high[::-1])}"/>'
    dots = "".join(f'<circle class="dot {kind}" cx="{place.split(",")[0]}" cy="{place.split(",")[1]}" r="4"/>'
                   for run in _runs(series, x, y) for place in run.split()) if _dotted(series) else ""
    if series.mark is Mark.POINTS:
        return _whiskers(series, kind, x, y) + dots
    return "".join(f'<polyline class="line {kind}" points="{run}"/>' for run in _runs(series, x, y)) + dots


def _dotted(series: Series) -> bool:
    return series.mark is Mark.POINTS or len(series.x) == 1 or (len(series.x) == 2 and not series.faint)


def _axes(chart: Chart, x: Scale, y: Scale) -> str:
    parts = []
    for value in y.ticks():
        if chart.y_integer and value != round(value):
            continue
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
                     f'<text class="tick" x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{y.text(value)}</text>')
    for value in x.ticks(6):
        if chart.x_integer and value != round(value):
            continue
        parts.append(f'<text class="tick" x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                     f'{x.text(value)}</text>')
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>')
    parts.append(f'<text class="label" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">'
                 f'{escape(chart.x_label)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text class="label" transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">'
                 f'{escape(chart.y_label)}</text>')
    return "".join(parts)


def _data(chart: Chart, shown: list[tuple[Series, int]], x: Scale, y: Scale) -> str:
    """What the page's script shows under the pointer."""
    series = [{"n": s.name, "c": colour, "x": [round(float(v), 6) for v in s.x],
               "y": [round(float(v), 6) if np.isfinite(v) else None for v in np.asarray(s.y, dtype=float)],
               "l": list(s.labels), "p": s.mark is Mark.POINTS}
              for s, colour in shown if s.mark is not Mark.BAND and not s.faint]
    document = {"x": [x.low, x.high, x.start, x.end, x.log], "y": [y.low, y.high, y.start, y.end, y.log], "s": series,
                "t": chart.x_label, "w": WIDTH, "h": HEIGHT}
    return json.dumps(document, separators=(",", ":")).replace("<", "\\u003c")


def curves_body(chart: Chart) -> tuple[str, float, float, list[tuple[str, int]], str]:
    """Inside, width and height of the SVG, names of its colours, and what the script shows."""
    used = [s for s in chart.series if np.isfinite(np.asarray(s.y, dtype=float)).any()]
    shown = [(s, (i if s.colour is None else s.colour) % COLOURS) for i, s in enumerate(used)]
    x = Scale(*span_of([s.x for s in used], 0.02, "x" in chart.log), LEFT, WIDTH - RIGHT, "x" in chart.log)
    heights = [values for s in used for values in (s.y, s.low, s.high) if values is not None]
    y = Scale(*span_of(heights, 0.06, "y" in chart.log), HEIGHT - BOTTOM, TOP, "y" in chart.log)
    marks = "".join(_mark(s, colour, x, y) for s, colour in shown)
    body = f'{_axes(chart, x, y)}{marks}<line class="cursor" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
    return body, WIDTH, HEIGHT, [(s.name, colour) for s, colour in shown if s.name], _data(chart, shown, x, y)
