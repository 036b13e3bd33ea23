#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What adapting architectures adds: table.py FOLDER of jobs/novel_task/run.sh. A row per kind of task, search and budget:
accuracy of adapted weights alone, of weights and architecture, of a random encode, and the paired gain, in percent with
95 % intervals."""

import json
import re
import sys
from pathlib import Path

HEADER = ["| tasks | search | encodes | weights alone | and architecture | random encode | gain, points | gain on folds | s/task |",
          "|---|---|---|---|---|---|---|---|---|"]


def interval(figure, sign=""):
    """Percent; a single task has no interval."""
    half = figure["ci95"]
    return ("%" + sign + ".2f%s") % (100 * figure["mean"], "" if half is None else " +- %.2f" % (100 * half))


def row(kind, search, found):
    return "| %s | %s | %.0f | %s | %s | %s | %s | %s | %.2f |" % (
        kind, search, found["evaluations"], interval(found["weights_alone"]), interval(found["with_architecture"]),
        interval(found["random"]), interval(found["gain"], "+"), interval(found["gain_on_folds"], "+"),
        found["seconds_per_task"])


def table(folder):
    rows = []
    for path in folder.glob("*-*.json"):
        name = re.fullmatch(r"(islands|random)-(\d+)", path.stem)
        if not name:
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        kinds = [tuple(map(int, key.split("x"))) for key in document if re.fullmatch(r"\d+x\d+", key)]
        rows += [(kind, name[1], int(name[2]), row("%dx%d" % kind, name[1], document["%dx%d" % kind])) for kind in kinds]
    return HEADER + [line for *_, line in sorted(rows)]


def main(words):
    if len(words) != 1 or not Path(words[0]).is_dir():
        print("error: one folder is needed\n  suggestion: name one that jobs/novel_task/run.sh made", file=sys.stderr)
        return 2
    print("\n".join(table(Path(words[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
