# SPDX-License-Identifier: Apache-2.0
"""What a report says of accuracies: which state of the run was judged."""

import re

import h5py

from atnas_analysis.report.accuracy import section
from atnas_analysis.report.overview import tiles
from atnas_analysis.report.source import Source


def cells_of(table):
    """Of all rows below the head."""
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(?:(?!</tr>).)*</tr>", table, re.S)
            if "<td" in row]


def test_the_iteration_that_was_judged(went_on):
    source = Source.of(went_on)
    assert {(row[0], row[3]) for row in cells_of(section(source))} == {
        ("early.h5", "8, the run is at 12"), ("evaluation.h5", "12")}
    assert "at iteration 8</small>" in tiles(source)  # the first one is early.h5
    (went_on / "early.h5").unlink()
    assert "at iteration" not in tiles(Source.of(went_on))


def test_evaluations_that_do_not_say_it(copy):
    folder = copy("a")
    with h5py.File(folder / "evaluation.h5", "r+") as file:
        del file.attrs["iteration"]
    source = Source.of(folder)
    assert cells_of(section(source))[0][3] == "?" and "at iteration" not in tiles(source)
