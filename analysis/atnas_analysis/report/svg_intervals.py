# SPDX-License-Identifier: Apache-2.0
"""Means with their intervals, one a row, as SVG."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from .chart import Intervals
from .scale import Scale, number, span_of

WIDTH, RIGHT, TOP, BOTTOM, STEP, LETTER, LONGEST = 640, 96, 10, 42, 30, 8.2, 34


def shortened(name: str) -> str:
    """Its end, where it is long: beginnings of paths are alike.

    >>> shortened("a" * 40 + "/seed1")[-10:], len(shortened("a" * 40)), shortened("seed1")
    ('aaaa/seed1', 34, 'seed1')
    """
    return name if len(name) <= LONGEST else "…" + name[1 - LONGEST:]


def _row(row: tuple[str, float, float, int], y: float, left: float, x: Scale) -> str:
    name, mean, half, colour = row
    parts = [f'<text class="tick" x="{left - 8:g}" y="{y + 5:g}" text-anchor="end">{escape(shortened(name))}</text>']
    if not math.isnan(half):
        parts.append(f'<path class="line s{colour}" d="M{x(mean - half):.1f} {y - 5:g}v10m0 -5H{x(mean + half):.1f}'
                     f'm0 -5v10"/>')
    parts.append(f'<circle class="dot s{colour}" cx="{x(mean):.1f}" cy="{y:g}" r="5"/>')
    text = f"{mean:.2f}" + ("" if math.isnan(half) else f" ± {half:.2f}")
    parts.append(f'<text class="value" x="{WIDTH - RIGHT + 8}" y="{y + 4:g}">{text}</text>')
    return f'<g><title>{escape(name)}: {text}</title>{"".join(parts)}</g>'


def intervals_body(figure: Intervals) -> tuple[str, float, float, list[tuple[str, int]]]:
    """Inside, width and height of the SVG; it has no legend."""
    left = 24 + LETTER * max(len(shortened(row[0])) for row in figure.rows)
    height = TOP + STEP * len(figure.rows) + BOTTOM
    means = np.array([row[1] for row in figure.rows])
    halves = np.nan_to_num(np.array([row[2] for row in figure.rows]))
    x = Scale(*span_of([means - halves, means + halves] + ([np.zeros(1)] if figure.zero else []), 0.06), left,
              WIDTH - RIGHT)
    parts = []
    for value in x.ticks(4):
        kind = "axis" if figure.zero and value == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>'
                     f'<text class="tick" x="{x(value):.1f}" y="{height - BOTTOM + 17}" text-anchor="middle">'
                     f'{number(value)}</text>')
    parts += [_row(row, TOP + STEP * (i + 0.5), left, x) for i, row in enumerate(figure.rows)]
    parts.append(f'<text class="label" x="{(left + WIDTH - RIGHT) / 2:g}" y="{height - 5}" text-anchor="middle">'
                 f'{escape(figure.x_label)}</text>')
    return "".join(parts), WIDTH, height, []
