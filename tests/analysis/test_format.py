# SPDX-License-Identifier: Apache-2.0
"""FORMAT.md against real files, in both directions: every array is described, with its type and its number of axes, and
every array that is described is there."""

import re
from pathlib import Path

import h5py
import pytest

FORMAT = Path(__file__).resolve().parent.parent.parent / "analysis/FORMAT.md"
#: Only with --runs, for which these tests have no challenge.
ELSEWHERE = {"/tasks/run", "/tasks/way", "/tasks/queries"}
KINDS = {"text": "SO", "float32": "f4", "float64": "f8", "int64": "i8", "int32": "i4", "int8": "i1", "uint8": "u1"}


def described(title):
    """Pattern of a name -> (type, shapes) of the arrays in a section."""
    section = re.search(r"^## %s$(.*?)(?=^## |\Z)" % title, FORMAT.read_text(encoding="utf-8"), re.M | re.S).group(1)
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) < 3 or not cells[0].startswith("`/") or "attribute" in cells[0]:
            continue
        names = re.findall(r"`([^`]+)`", cells[0])
        folder = names[0].rsplit("/", 1)[0]
        types = [part.strip() for part in re.split(r",\s*(?![^\[]*\])", cells[1])]
        for i, name in enumerate(names):
            if "@" not in name and cells[1] != "group":
                found[name if name.startswith("/") else f"{folder}/{name}"] = types[min(i, len(types) - 1)]
    return found


def arrays_of(path):
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, node: found.update({"/" + name: (node.dtype, node.ndim)})
                        if isinstance(node, h5py.Dataset) else None)
    return found


def pattern(name):
    return re.compile(re.sub(r"<k>", r"\\d+", re.sub(r"<name>", r"\\w+", name)) + r"\Z")


@pytest.fixture(scope="module")
def files(place):
    """By section of FORMAT.md: files that together hold every array."""
    place.search("format", "--evo.objectives=fitness,macs", "--meta.average=0.9")
    place.evaluate("format", "--confusion")
    place.atnas("evaluate", "net.h5", "--data=images/group0", "--confusion", "--output=judged.h5")
    top = place.folder
    yield {"Checkpoint": [top / "a/latest.h5", top / "format/latest.h5"], "Evaluation": [top / "format/evaluation.h5"],
           "Network": [top / "net.h5"], "Predictions": [top / "answers.h5", top / "judged.h5"],
           "Data set": [top / "data.h5"]}


@pytest.mark.parametrize("title", ["Checkpoint", "Evaluation", "Network", "Predictions", "Data set"])
def test_files_are_as_described(files, title):
    documented = described(title)
    missing = set(documented) - ELSEWHERE
    for path in files[title]:
        for name, (kind, axes) in arrays_of(path).items():
            if name == "/contents":  # of every file with digests; described once
                missing.discard(name)
                continue
            matching = [known for known in documented if pattern(known).match(name)]
            assert matching, f"{name} of {path} is not described"
            missing -= set(matching)
            text = documented[min(matching, key=lambda known: "<" in known)]
            word = text.split()[0]
            assert kind.str[1:] == KINDS[word] or (word == "text" and kind.kind == "S"), (name, kind, text)
            shapes = re.findall(r"\[([^\]]*)\]", text)
            assert not shapes or axes in [shape.count(",") + 1 for shape in shapes], (name, axes, text)
    assert not missing, f"described, but in no file: {sorted(missing)}"
