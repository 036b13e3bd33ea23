# SPDX-License-Identifier: Apache-2.0
"""Figures as one file of their own: SVG and HTML as in the report, PNG and PDF by Matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path

from ..output import write_whole
from ..problem import BAD_ARGUMENTS, Problem
from .chart import Figure
from .svg import drawing_of, svg_chart

FORMATS = ("svg", "html", "png", "pdf")
MARGIN, TITLE, HEAD, LINE, WIDTH, LETTER = 16, 34, 26, 20, 640, 6.8


def asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def wrapped(words: Sequence[str], most: float, gap: str = " ") -> list[str]:
    """Joins words to lines of at most so many letters.

    >>> wrapped(["one", "two", "three"], 8)
    ['one two', 'three']
    """
    lines = [""]
    for word in words:
        joined = lines[-1] + gap + word if lines[-1] else word
        if len(joined) > most and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def _legend(names: Sequence[tuple[str, int]], y: float) -> tuple[str, float]:
    """A legend from there on, and where it ends."""
    if len(names) < 2:
        return "", y
    x, parts = 20.0, []
    for name, colour in names:
        width = 34 + LETTER * len(name)
        if x + width > WIDTH and x > 20:
            x, y = 20.0, y + LINE
        parts.append(f'<rect class="bar s{colour}" x="{x:g}" y="{y + 7:g}" width="14" height="4" rx="2"/>'
                     f'<text class="value" x="{x + 20:g}" y="{y + 13:g}">{escape(name)}</text>')
        x += width
    return "".join(parts), y + LINE


def _panel(figure: Figure) -> tuple[str, float]:
    """A figure with its caption, legend and note, and its height."""
    drawn = drawing_of(figure)
    parts = [f'<text class="caption" x="0" y="16">{escape(figure.title)}</text>',
             f'<g transform="translate(0 {HEAD})">{drawn.body}</g>']
    text, y = _legend(drawn.names, HEAD + drawn.height)
    parts.append(text)
    for line in wrapped(figure.note.split(), WIDTH / LETTER) if figure.note else []:
        y += LINE
        parts.append(f'<text class="value" x="0" y="{y - 5:g}">{escape(line)}</text>')
    return "".join(parts), y + 8


def svg_document(title: str, figures: Sequence[Figure], columns: int = 2) -> str:
    """All in one picture, side by side. It follows the colours that a reader prefers, light or dark."""
    panels = [_panel(figure) for figure in figures if not figure.empty]
    columns = max(min(columns, len(panels)), 1)
    y, parts = MARGIN + TITLE, []
    for start in range(0, len(panels), columns):
        row = panels[start:start + columns]
        parts += [f'<g transform="translate({MARGIN + i * (WIDTH + 2 * MARGIN)} {y:g})">{body}</g>'
                  for i, (body, _) in enumerate(row)]
        y += max(height for _, height in row) + MARGIN
    width = columns * (WIDTH + 2 * MARGIN)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" class="chart picture" viewBox="0 0 {width} {y:g}" '
            f'width="{width}" height="{y:g}" role="img" aria-label="{escape(title)}"><style>{asset("chart.css")}</style>'
            f'<rect class="paper" width="100%" height="100%"/><text class="title" x="{MARGIN}" y="{MARGIN + 14}">'
            f'{escape(title)}</text>{"".join(parts)}</svg>\n')


def html_document(title: str, figures: Sequence[Figure]) -> str:
    """A page that needs nothing else, with values under the pointer."""
    body = "".join(map(svg_chart, figures))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            f'<style>{asset("chart.css")}{asset("page.css")}</style></head><body><header><h1>{escape(title)}</h1></header>'
            f'<main><section>{body}</section></main><footer>Made by atnas-analysis</footer>'
            f'<div id="tip" hidden></div><script>{asset("page.js")}</script></body></html>\n')


def ending_of(path: str) -> str:
    """The format of a file that is to be written, by its name."""
    ending = Path(path).suffix[1:].lower()
    if ending not in FORMATS:
        raise Problem(f"cannot write {path}", f"the ending .{ending} says no format" if ending else "it has no ending",
                      "name it .svg, .html, .png or .pdf", BAD_ARGUMENTS)
    return ending


def write_picture(path: str, title: str, figures: Sequence[Figure]) -> None:
    ending = ending_of(path)
    if ending == "svg":
        write_whole(path, svg_document(title, figures))
    elif ending == "html":
        write_whole(path, html_document(title, figures))
    else:
        from .plots import figure_of

        file = io.BytesIO()
        figure_of([figure for figure in figures if not figure.empty], title).savefig(file, format=ending, dpi=200)
        write_whole(path, file.getvalue())
