# SPDX-License-Identifier: Apache-2.0
"""The report as one page that needs nothing else."""

from __future__ import annotations

from html import escape

from . import accuracy, architecture, islands, migrations, overview, progress
from .chart import Figure
from .picture import asset
from .source import Source


def charts_of(source: Source) -> list[Figure]:
    """All that is drawn, for ``--figures``."""
    found: list[Figure] = [*accuracy.charts(source), *progress.charts(source)]
    if not source.checkpoint.trains:
        found += [*architecture.charts(source), *migrations.charts(source)]
    found += [*progress.speed_charts(source), *progress.phases(source), *progress.idle_bars(source)]
    return [chart for chart in found if not chart.empty]


def sections(source: Source) -> list[tuple[str, str, str]]:
    """Name, title and inside of each."""
    if source.checkpoint.trains:
        return [("run", "What was run", overview.what_was_run(source)), ("loss", "Loss", progress.section(source)),
                ("time", "Time", progress.time_section(source))]
    return [
        ("run", "What was run", overview.what_was_run(source)),
        ("accuracy", "Accuracy", accuracy.section(source)),
        ("progress", "Loss and fitness", progress.section(source)),
        ("cells", "The best cells", architecture.cells(source)),
        ("front", "Accuracy against cost", architecture.front_section(source)),
        ("operations", "Operations", architecture.operation_section(source)),
        ("lineage", "Lineage", architecture.succession(source) + islands.ancestors(source)
         + "<h3>Who lives now</h3>" + islands.lineage(source)),
        ("migrations", "Migrations", migrations.section(source)),
        ("time", "Time", progress.time_section(source)),
    ]


def report_page(source: Source) -> str:
    """HTML."""
    parts = [part for part in sections(source) if part[2]]
    links = "".join(f'<a href="#{name}">{escape(title)}</a>' for name, title, _ in parts)
    body = "".join(f'<section id="{name}"><h2>{escape(title)}</h2>{text}</section>' for name, title, text in parts)
    title = escape(f"{source.name}: report of a run")
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            f"<style>{asset('chart.css')}{asset('page.css')}</style></head><body><header><h1>{escape(source.name)}</h1>"
            f"<p>{escape(overview.sentence(source))}</p>{overview.tiles(source)}<nav>{links}</nav></header>"
            f"<main>{body}</main><footer>Made by atnas-analysis from {escape(str(source.checkpoint.path))}</footer>"
            f'<div id="tip" hidden></div><script>{asset("page.js")}</script></body></html>\n')
