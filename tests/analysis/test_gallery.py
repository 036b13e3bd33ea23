# SPDX-License-Identifier: Apache-2.0
"""The pictures in README.md: small, and made by jobs/gallery."""

import importlib.util
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = re.findall(r"^!\[[^\]]+\]\((analysis/gallery/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)


def test_the_pictures_are_small_and_made_by_the_script():
    script = (ROOT / "jobs/gallery/make.sh").read_text(encoding="utf-8")
    assert {Path(name).name for name in PICTURES} == {path.name for path in (ROOT / "analysis/gallery").iterdir()}
    for name in PICTURES:
        assert 1000 < (ROOT / name).stat().st_size < 300_000 and "$pictures/" + Path(name).name in script


def test_the_expected_scaling(tmp_path, monkeypatch):
    place = importlib.util.spec_from_file_location("gallery_scaling", ROOT / "jobs/gallery/scaling.py")
    gallery = importlib.util.module_from_spec(place)
    place.loader.exec_module(gallery)
    monkeypatch.setattr(gallery, "RANKS", (8, 64))
    monkeypatch.setattr(gallery.cost, "DRAWN", 8192)
    gallery.main(tmp_path / "scaling.svg")
    texts = [text.text for text in ElementTree.parse(tmp_path / "scaling.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert "What the cost model expects on a cluster (nothing is measured)" in texts
    drawn = []
    monkeypatch.setattr(gallery, "write_picture", lambda path, title, charts: drawn.extend(charts))
    gallery.main(tmp_path / "none")
    for chart in drawn:
        assert [series.y.tolist() for series in chart.series[:3]] == [
            gallery.curve(tasks, chart.slug, 0).y.tolist() for tasks in (2, 4, 8)] and chart.slug in chart.title
    assert len(drawn) == 2
    shared, static = ([gallery.curve(tasks, work, 0).y[-1] for tasks in (2, 8)] for work in ("shared", "static"))
    assert shared[0] > static[0] and shared[1] > static[1] > static[0]
    assert round(shared[0]) == 94 and round(static[0]) == 86  # those of jobs/scaling/README.md
