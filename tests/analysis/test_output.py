# SPDX-License-Identifier: Apache-2.0
"""Files that commands write: whole, in place of what is there, as atnas itself writes them."""

import os
import re
import stat

import pytest

from atnas_analysis import Problem
from atnas_analysis.output import staged, write_whole


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def mask():
    before = os.umask(0o027)
    yield
    os.umask(before)


def test_a_link_stays_one(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/report.html").write_text("old")
    (tmp_path / "link").symlink_to("sub/report.html")
    (tmp_path / "new").symlink_to("sub/other.html")
    for link, target in (("link", "report.html"), ("new", "other.html")):
        write_whole(tmp_path / link, "text")
        assert (tmp_path / link).is_symlink() and (tmp_path / "sub" / target).read_text() == "text"
    assert names_in(tmp_path) == ["link", "new", "sub"] and names_in(tmp_path / "sub") == ["other.html", "report.html"]


def test_permissions_are_kept(tmp_path, mask):
    path = tmp_path / "report.html"
    for mode in (0o600, 0o664, 0o444):
        path.unlink(missing_ok=True)
        path.write_text("old")
        path.chmod(mode)
        with staged(path) as partial:
            assert mode_of(partial) == mode | 0o600  # nobody reads it before, either
            partial.write_text("text")
        assert mode_of(path) == mode and path.read_text() == "text"


def test_new_files_have_the_permissions_of_the_user(tmp_path, mask):
    write_whole(tmp_path / "report.html", "text")
    assert mode_of(tmp_path / "report.html") == 0o640


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    calls = []

    def noted(name):
        function = getattr(os, name)

        def call(*words):
            calls.append((name, os.readlink(f"/proc/self/fd/{words[0]}") if name == "fsync" else str(words[0])))
            return function(*words)

        monkeypatch.setattr(os, name, call)

    noted("fsync")
    noted("replace")
    with staged(tmp_path / "report.html") as partial:
        partial.write_text("text")
    assert calls == [("fsync", str(partial)), ("replace", str(partial)), ("fsync", str(tmp_path))]


def test_the_name_before_is_one_that_atnas_clears_away(tmp_path):
    """That of src/io/staged_file.cpp."""
    for _ in range(20):
        with staged(tmp_path / "report.html") as partial:
            assert partial.parent == tmp_path and re.fullmatch(r"\.report\.html\.[a-z0-9]{6}\.partial", partial.name)


def test_a_name_that_is_taken_is_drawn_again(tmp_path, monkeypatch):
    draws = iter("a" * 6 + "a" * 6 + "b" * 6)
    monkeypatch.setattr("atnas_analysis.output.secrets.choice", lambda letters: next(draws))
    with staged(tmp_path / "x") as first, staged(tmp_path / "x") as second:
        assert [first.name, second.name] == [".x.aaaaaa.partial", ".x.bbbbbb.partial"]


def test_what_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), staged(path) as partial:
        partial.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old" and names_in(tmp_path) == ["report.html"]


def test_what_is_no_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "astray").symlink_to("no/such")
    for name, words in (("fifo", "no plain file"), ("folder", "is a folder"), ("circle", "cannot write"),
                        ("astray", "No such file")):
        with pytest.raises(Problem, match=words) as caught:
            write_whole(tmp_path / name, "text")
        assert caught.value.code == 4
    assert names_in(tmp_path) == ["astray", "circle", "fifo", "folder"]
