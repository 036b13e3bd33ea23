# SPDX-License-Identifier: Apache-2.0
"""Broken, truncated, foreign and older files: one line that says what is wrong, exit code 4."""

import h5py
import numpy as np
import pytest

import atnas_analysis


def test_nothing_there(refused, tmp_path):
    refused("genotype", tmp_path / "no.h5", saying=("no.h5", "No such file"))
    refused("report", tmp_path, saying="holds no checkpoint")


@pytest.mark.parametrize("name", ["a/latest.h5", "a/evaluation.h5", "net.h5", "data.h5", "answers.h5"])
def test_truncated(refused, copy, name):
    path = copy(name)
    data = path.read_bytes()
    for length in (len(data) - 1, len(data) // 2, 100, 8):
        path.write_bytes(data[:length])
        refused("genotype", path, saying="is damaged")
    path.write_bytes(b"")
    refused("genotype", path, saying="empty")


def test_foreign(refused, tmp_path):
    path = tmp_path / "notes.h5"
    path.write_text("no HDF5 at all")
    refused("genotype", path, saying="no HDF5 file")
    path.unlink()
    with h5py.File(path, "w") as file:
        file["x"] = [1, 2]
    refused("genotype", path, saying="ATNAS did not write it")


def test_of_another_version(refused, changed):
    old = changed("a/latest.h5", lambda file: file.attrs.modify("atnas.version", np.int64(4)))
    refused("report", old, saying=("version 4 of atnas-checkpoint", "reads version 5", "an older program"))
    new = changed("a/evaluation.h5", lambda file: file.attrs.modify("atnas.version", np.int64(2)))
    refused("compare", new, saying=("version 2 of atnas-evaluation", "a newer program"))


def test_of_an_unknown_kind(refused, changed):
    path = changed("data.h5", lambda file: file.attrs.create("atnas.filetype", b"atnas-dream"))
    refused("genotype", path, saying=("atnas-dream", "atnas-checkpoint"))


def test_not_finished(refused, changed):
    refused("genotype", changed("a/latest.h5", lambda file: file.attrs.pop("complete")), saying="was not finished")


@pytest.mark.parametrize("name", ["islands/fitness", "islands/parents", "history/best", "weights/manifest/names"])
def test_an_array_is_missing(refused, changed, name):
    path = changed("a/latest.h5", lambda file: file.pop(name))
    if name.startswith("weights"):
        refused("diff", path, path.parent / "nothing.h5", saying="nothing.h5")
    else:
        refused("report", path, "-o", path.parent / "r.html", saying=name)
        assert not (path.parent / "r.html").exists()


@pytest.mark.parametrize("key", ["space.cells", "run.iterations", "evo.max_latency"])
def test_words_in_place_of_numbers_of_the_deck(refused, changed, key):
    path = changed("a/latest.h5", lambda file: file["deck"].attrs.create(key, b"many"))
    refused("report", path, "-o", path.parent / "r.html", saying=(f"{key} of the deck is many", "a number is wanted"))
    assert not (path.parent / "r.html").exists()


def test_attributes_that_cannot_be_read(refused, copy):
    path = copy("a/evaluation.h5")
    data = path.read_bytes()
    place, refused = data.index(b"complete\0"), 0
    for start in range(place - 64, place + 64, 8):
        path.write_bytes(data[:start] + b"\xff" * 8 + data[start + 8:])
        try:
            with atnas_analysis.open(path) as opened:
                opened.attributes()
        except atnas_analysis.Problem as problem:
            refused += "damaged" in str(problem)
    assert refused


def test_impossible_genes(refused, changed):
    def change(file):
        file["islands/genotypes"][0, 0, 3] = 99

    refused("genotype", changed("a/latest.h5", change), saying="node 2")


def test_columns_that_do_not_fit(refused, changed):
    def change(file):
        del file["history/mean"]
        file["history/mean"] = np.zeros(3)

    refused("report", changed("a/latest.h5", change), saying="differ in length")


def test_damaged_metrics(refused, copy):
    folder = copy("a")
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    (folder / "metrics.jsonl").write_text("\n".join([lines[0], "{]", *lines[1:]]) + "\n")
    refused("watch", folder, "--once", saying="line 2")


def test_the_wrong_kind(refused, runs):
    refused("genotype", runs / "data.h5", saying=("holds no architecture", "data set"))
    refused("compare", runs / "net.h5", saying="network")
    refused("report", runs / "answers.h5", saying="predictions")


def test_bad_words(run):
    assert run("dance").code == 2
    assert run("genotype").code == 2


def test_a_place_that_cannot_be_written(refused, runs, tmp_path):
    refused("genotype", runs / "a", "-o", tmp_path / "no/cells.svg", saying="cannot write")


@pytest.mark.parametrize("encode", ["normal=conv_3x3:0+conv_3x3", "normal=conv_3x3:0+conv_3x3:2",
                                    "normal=conv_3x3:-1+conv_3x3:1", "normal=a:0+b:1|a:0+b:9"])
def test_odd_encodes(refused, encode):
    for kind in ("text", "svg"):
        refused("genotype", "any", "--encode=" + encode, "--format=" + kind, saying="cannot be read")


def test_an_ending_that_says_no_format(run, tmp_path):
    outcome = run("genotype", "any", "--encode=conv4", "-o", tmp_path / "cells.png")
    assert outcome.code == 2 and "says no format" in outcome.err and not list(tmp_path.iterdir())
