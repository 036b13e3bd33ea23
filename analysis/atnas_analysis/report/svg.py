# SPDX-License-Identifier: Apache-2.0
"""Charts as SVG inside of the page, which gives them their colours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

import numpy as np

from ..text_table import si
from .chart import Bars, Chart, Mark, Series, ticks

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 62, 14, 14, 46
COLOURS = 8


@dataclass(frozen=True)
class Scale:
    """From values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def span_of(arrays: list[np.ndarray], margin: float) -> tuple[float, float]:
    values = np.concatenate([np.asarray(a, dtype=float).ravel() for a in arrays])
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    if low == high:
        pad = 1.0 if low.is_integer() else abs(low) * 0.1
        return low - pad, high + pad
    return low - margin * (high - low), high + margin * (high - low)


def number(value: float) -> str:
    """
    >>> number(0.25), number(12000), number(3.0)
    ('0.25', '12 k', '3')
    """
    return si(value) if abs(value) >= 1000 else f"{value:.4g}"


def _runs(series: Series, x: Scale, y: Scale) -> list[str]:
    """Places of the points, in parts that hold numbers only."""
    parts: list[list[str]] = [[]]
    for a, b in zip(series.x, np.asarray(series.y, dtype=float)):
        if np.isfinite(b):
            parts[-1].append(f"{x(a):.1f},{y(b):.1f}")
        elif parts[-1]:
            parts.append([])
    return [" ".join(part) for part in parts if part]


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
        return dots
    return "".join(f'<polyline class="line {kind}" points="{run}"/>' for run in _runs(series, x, y)) + dots


def _dotted(series: Series) -> bool:
    return series.mark is Mark.POINTS or len(series.x) <= 2


def _axes(chart: Chart, x: Scale, y: Scale) -> str:
    parts = []
    for value in ticks(y.low, y.high):
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
                     f'<text class="tick" x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{number(value)}</text>')
    for value in ticks(x.low, x.high, 6):
        if chart.x_integer and value != round(value):
            continue
        parts.append(f'<text class="tick" x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                     f'{number(value)}</text>')
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
    document = {"x": [x.low, x.high, x.start, x.end], "y": [y.low, y.high, y.start, y.end], "s": series,
                "t": chart.x_label, "w": WIDTH, "h": HEIGHT}
    return json.dumps(document, separators=(",", ":")).replace("<", "\\u003c")


def legend(names: list[tuple[str, int]]) -> str:
    if len(names) < 2:
        return ""
    items = "".join(f'<span><i class="s{colour}"></i>{escape(name)}</span>' for name, colour in names)
    return f'<div class="legend">{items}</div>'


def _figure(slug: str, title: str, note: str, body: str) -> str:
    text = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<figure id="figure-{slug}"><figcaption>{escape(title)}</figcaption>{body}{text}</figure>'


def svg_chart(chart: Chart) -> str:
    """A figure of the page; a sentence where there is nothing to show."""
    if chart.empty:
        return _figure(chart.slug, chart.title, "Nothing to show yet.", "")
    used = [s for s in chart.series if np.isfinite(np.asarray(s.y, dtype=float)).any()]
    shown = [(s, (i if s.colour is None else s.colour) % COLOURS) for i, s in enumerate(used)]
    x = Scale(*span_of([s.x for s in used], 0.02), LEFT, WIDTH - RIGHT)
    heights = [s.y for s in used] + [s.high for s in used if s.high is not None]
    y = Scale(*span_of(heights, 0.06), HEIGHT - BOTTOM, TOP)
    marks = "".join(_mark(s, colour, x, y) for s, colour in shown)
    svg = (f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(chart.title)}">'
           f'{_axes(chart, x, y)}{marks}<line class="cursor" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/></svg>')
    data = f'<script type="application/json">{_data(chart, shown, x, y)}</script>'
    names = [(s.name, colour) for s, colour in shown if s.name]
    return _figure(chart.slug, chart.title, chart.note, f'<div class="plot">{svg}{data}</div>{legend(names)}')


def svg_bars(bars: Bars) -> str:
    if bars.empty:
        return _figure(bars.slug, bars.title, "Nothing to show yet.", "")
    step, left = 11 * len(bars.values) + 12, 130
    height = TOP + step * len(bars.categories) + BOTTOM - 8
    most = max(max(values) for values in bars.values.values()) or 1.0
    x = Scale(0, most, left, WIDTH - 60)
    parts = []
    for value in ticks(0, most, 4):
        parts.append(f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{TOP}" y2="{height - 38}"/>'
                     f'<text class="tick" x="{x(value):.1f}" y="{height - 24}" text-anchor="middle">{number(value)}</text>')
    for i, category in enumerate(bars.categories):
        top = TOP + i * step + 5
        parts.append(f'<text class="tick" x="{left - 8}" y="{top + step / 2 - 2:.1f}" text-anchor="end">'
                     f'{escape(category)}</text>')
        for j, values in enumerate(bars.values.values()):
            y, value = top + 11 * j, float(values[i])
            parts.append(f'<rect class="bar s{j}" x="{left}" y="{y}" width="{max(x(value) - left, 0):.1f}" height="9" rx="2"/>'
                         f'<text class="value" x="{x(value) + 5:.1f}" y="{y + 8}">{number(value)}</text>')
    parts.append(f'<text class="label" x="{(left + WIDTH - 60) / 2}" y="{height - 6}" text-anchor="middle">'
                 f'{escape(bars.x_label)}</text>')
    svg = (f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(bars.title)}">'
           f'{"".join(parts)}</svg>')
    names = [(name, j) for j, name in enumerate(bars.values)]
    return _figure(bars.slug, bars.title, bars.note, f'<div class="plot">{svg}</div>{legend(names)}')
