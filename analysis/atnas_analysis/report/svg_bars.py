# SPDX-License-Identifier: Apache-2.0
"""Horizontal bars as SVG."""

from __future__ import annotations

from html import escape

from .chart import Bars
from .scale import Scale, number

WIDTH, LEFT, RIGHT, TOP, BOTTOM, BAR = 640, 130, 60, 14, 38, 11


def bars_body(bars: Bars) -> tuple[str, float, float, list[tuple[str, int]]]:
    """Inside, width and height of the SVG, and the names of its colours."""
    step = BAR * len(bars.values) + 12
    height = TOP + step * len(bars.categories) + BOTTOM
    most = max(max(values) for values in bars.values.values()) or 1.0
    x = Scale(0, most, LEFT, WIDTH - RIGHT)
    parts = []
    for value in x.ticks(4):
        parts.append(f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>'
                     f'<text class="tick" x="{x(value):.1f}" y="{height - 24}" text-anchor="middle">{number(value)}</text>')
    for i, category in enumerate(bars.categories):
        top = TOP + i * step + 5
        parts.append(f'<text class="tick" x="{LEFT - 8}" y="{top + step / 2 - 2:.1f}" text-anchor="end">'
                     f'{escape(category)}</text>')
        for j, values in enumerate(bars.values.values()):
            y, value = top + BAR * j, float(values[i])
            parts.append(f'<rect class="bar s{j}" x="{LEFT}" y="{y}" width="{max(x(value) - LEFT, 0):.1f}" height="9" rx="2"/>'
                         f'<text class="value" x="{x(value) + 5:.1f}" y="{y + 8}">{number(value)}</text>')
    parts.append(f'<text class="label" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{height - 6}" text-anchor="middle">'
                 f'{escape(bars.x_label)}</text>')
    return "".join(parts), WIDTH, height, [(name, j) for j, name in enumerate(bars.values)]
