#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py FOLDER: a row for every kind of training below FOLDER, over its seeds; differences from the row "adapted" are
those of equal seeds. Needs no more than Python."""

import collections
import json
import math
import sys
from pathlib import Path


def mean(values):
    return sum(values) / len(values)


def interval(values):
    """Half width of the 95 % interval of a mean, by Student's distribution; none of a single value."""
    if len(values) < 2:
        return None
    t = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}[len(values)]
    middle = mean(values)
    return t * math.sqrt(sum((x - middle) ** 2 for x in values) / (len(values) - 1) / len(values))


def told(values, form):
    if not values:
        return ""
    half = interval(values)
    return form % mean(values) + (" +- %.2f" % half if half is not None else "")


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
