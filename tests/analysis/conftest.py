# SPDX-License-Identifier: Apache-2.0
"""A small run, made once by the program under test, and what it leaves behind of every kind of file."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

import cli  # noqa: E402
import exported  # noqa: E402
import tiny_search  # noqa: E402

from atnas_analysis.command_line import main  # noqa: E402


class Place:
    """A folder with runs."""

    def __init__(self, folder):
        self.folder = folder

    def atnas(self, *words):
        env = dict(os.environ, **cli.AS_ROOT, OMP_NUM_THREADS="1")
        done = subprocess.run([cli.program(), *map(str, words)], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    def search(self, name, *words):
        (self.folder / "deck.ini").write_text(
            tiny_search.DECK.format(head="proto", learner="fomaml", optimizer="adam"))
        self.atnas("search", "deck.ini", "--run.folder=" + name, *words)

    def evaluate(self, name, *words, output="evaluation.h5"):
        self.atnas("evaluate", name + "/latest.h5", "--tasks=20", "--seed=7", "--output=%s/%s" % (name, output), *words)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Runs a and b of two seeds with evaluations on the same tasks; a data set, a network and predictions."""
    place = Place(tmp_path_factory.mktemp("runs"))
    for name, seed in (("a", 1), ("b", 2)):
        place.search(name, "--run.seed=%d" % seed)
        place.evaluate(name)
    cli.image_tree(place.folder / "images", groups=1, classes=3, images=4, size=12)
    place.atnas("import", "images", "-o", "data.h5", "--size=12")
    place.atnas("adapt", "a/latest.h5", "--data=images/group0", "--network=net.h5")
    place.atnas("predict", "net.h5", "--data=images/group0", "-o", "answers.h5")
    return place


@pytest.fixture(scope="session")
def runs(place):
    """The folder that holds a, b, data.h5, net.h5 and answers.h5: to be read only."""
    return place.folder


@pytest.fixture(scope="session")
def examples(place):
    """Networks by the names of exported.NAMES."""
    return exported.make(place)


@pytest.fixture
def copy(runs, tmp_path):
    """Copies a file or a folder of theirs for a test that changes it."""

    def copied(name):
        target = tmp_path / Path(name).name
        source = runs / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)
        return target

    return copied


@pytest.fixture
def went_on(place, copy):
    """A copy of run a with an evaluation, early.h5, that is older than its last iterations."""
    folder = copy("a")
    place.atnas("evaluate", folder / "checkpoint-00000008.h5", "--tasks=20", "--seed=7", f"--output={folder}/early.h5")
    return folder


@pytest.fixture
def changed(copy):
    """A copy of an HDF5 file that a function has changed."""

    def change(name, function):
        path = copy(name)
        with h5py.File(path, "r+") as file:
            function(file)
        return path

    return change


@pytest.fixture
def needed():
    """Skips a test where a package or program is missing; in continuous integration none is skipped."""

    def needing(name, program=None):
        try:
            if program is None:
                importlib.import_module(name)
            missing = "" if program is None or program else f"{name} is not installed"
        except ImportError as error:
            missing = str(error)
        if missing:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)

    return needing


class Outcome:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys):
    """Runs the console script in this process."""

    def running(*words):
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = end.code
        text = capsys.readouterr()
        return Outcome(code, text.out, text.err)

    return running


@pytest.fixture
def refused(run):
    """Runs it and expects exit code 4 and one line that holds the words."""

    def refusing(*words, saying):
        outcome = run(*words)
        assert outcome.code == 4, outcome.out + outcome.err
        lines = outcome.err.splitlines()
        assert len(lines) == 1 and lines[0].startswith("error: "), outcome.err
        for word in (saying,) if isinstance(saying, str) else saying:
            assert word in lines[0]
        return lines[0]

    return refusing
