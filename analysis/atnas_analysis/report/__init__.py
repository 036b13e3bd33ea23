# SPDX-License-Identifier: Apache-2.0
"""The report of a run: one page, and its figures as files."""

from .chart import Chart, Series
from .page import report_page
from .source import Source

__all__ = ["Chart", "Series", "Source", "report_page"]
