#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py FOLDER: a row for every kind of training below FOLDER, over its seeds; differences from the row "adapted" are
those of equal seeds. Needs no more than Python."""

import collections
import json
import sys
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from student import half_width  # noqa: E402


def told(values, form):
    if not values:
        return ""
    return form % mean(values) + (" +- %.2f" % half_width(values) if len(values) > 1 else "")


def main(folder):
    rows = collections.defaultdict(dict)
    for path in sorted(Path(folder).glob("*/*-*.json")):
        name, seed = path.stem.rsplit("-", 1)
        rows[path.parent.name, name][seed] = json.loads(path.read_text())
    print("| meta-network | network | seeds | test accuracy, % | less adapted | parameters | encodes tried | search s "
          "| training s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (meta, name), found in rows.items():
        accuracy = {seed: 100 * figures["accuracy"] for seed, figures in found.items()}
        adapted = {seed: 100 * figures["accuracy"] for seed, figures in rows.get((meta, "adapted"), {}).items()}
        pairs = [accuracy[seed] - adapted[seed] for seed in accuracy if seed in adapted and name != "adapted"]
        print("| %s | %s | %d | %s | %s | %s |" % (meta, name, len(found), told(list(accuracy.values()), "%.2f"),
                                                  told(pairs, "%+.2f"), " | ".join(
            "%.0f" % mean([figures[key] for figures in found.values()])
            for key in ("parameters", "evaluations", "search_seconds", "training_seconds"))))


if __name__ == "__main__":
    main(*sys.argv[1:])
