# SPDX-License-Identifier: Apache-2.0
"""The pictures in README.md: small, and made by jobs/gallery."""

import dataclasses
import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from atnas_analysis.scaling import cost

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = re.findall(r"^!\[[^\]]+\]\((analysis/gallery/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)


def test_the_pictures_are_small_and_made_by_the_script():
    script = (ROOT / "jobs/gallery/make.sh").read_text(encoding="utf-8")
    assert {Path(name).name for name in PICTURES} == {path.name for path in (ROOT / "analysis/gallery").iterdir()}
    for name in PICTURES:
        assert 1000 < (ROOT / name).stat().st_size < 300_000 and "$pictures/" + Path(name).name in script


@pytest.fixture
def gallery():
    place = importlib.util.spec_from_file_location("gallery_scaling", ROOT / "jobs/gallery/scaling.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def numbers_and_rest(text):
    """Numbers of a picture, [n], and all that stands between them."""
    number = r"-?\d+\.?\d*(?:e[+-]?\d+)?"
    return np.array(re.findall(number, text), dtype=float), re.split(number, text)


def test_the_committed_picture_is_what_the_script_draws(gallery, tmp_path):
    """But for the last digits, which may depend on the processor."""
    gallery.main(tmp_path / "scaling.svg")
    drawn, committed = ((folder / "scaling.svg").read_text(encoding="utf-8")
                        for folder in (tmp_path, ROOT / "analysis/gallery"))
    (new, new_rest), (old, old_rest) = numbers_and_rest(drawn), numbers_and_rest(committed)
    assert new_rest == old_rest
    assert np.abs(new - old).max() <= 0.2


def test_the_expected_scaling(gallery, monkeypatch):
    monkeypatch.setattr(gallery, "RANKS", (8, 64))
    monkeypatch.setattr(gallery, "COSTS", dataclasses.replace(gallery.COSTS, drawn=8192))
    drawn = []
    monkeypatch.setattr(gallery, "write_picture", lambda path, title, charts: drawn.extend(charts))
    gallery.main("none")
    for chart in drawn:
        assert [series.y.tolist() for series in chart.series[:3]] == [
            gallery.curve(tasks, chart.slug, 0).y.tolist() for tasks in (2, 4, 8)] and chart.slug in chart.title
    assert len(drawn) == 2
    shared, static = ([gallery.curve(tasks, work, 0).y[-1] for tasks in (2, 8)] for work in ("shared", "static"))
    assert shared[0] > static[0] and shared[1] > static[1] > static[0]
    # The table of jobs/scaling/README.md has the MACs of drawn networks instead of normal ones.
    row = re.search(r"^\| 64 \|(( \d+ % \|){6})$", (ROOT / "jobs/scaling/README.md").read_text(encoding="utf-8"), re.M)
    table = [int(figure) for figure in re.findall(r"\d+", row[1])]
    assert [shared[0], static[0], shared[1], static[1]] == pytest.approx([*table[:2], *table[4:]], abs=2)


def test_the_picture_says_what_it_is_of(gallery):
    assert "no cluster was measured" in gallery.TITLE
    for words in ("46 ms a task", "vary by 27 %", "2 us and 3 GB/s", "8 ranks per node"):
        assert words in gallery.NOTE


def test_the_number_of_draws_is_the_callers(gallery):
    """Drawing the picture leaves the cost model as it is."""
    assert gallery.COSTS.drawn > cost.DRAWN == cost.Costs(task=1.0).drawn == 8192
    few, many = (dataclasses.replace(gallery.COSTS, drawn=drawn) for drawn in (64, 4096))
    setting = dataclasses.replace(gallery.NODE, ranks=16, islands=16)
    assert cost.waiting(setting, few) != cost.waiting(setting, many)
