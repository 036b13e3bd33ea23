#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well a supernet ranks subnets: table.py FOLDER of jobs/ranking/run.sh. For every way of training the supernet,
Kendall's tau between the accuracies of encodes with its weights and those of the same encodes trained alone, with a
95 % interval by the bootstrap over encodes.

table.py --encodes FILE.json prints the encodes that `atnas info --json` found in a checkpoint, one per line."""

import argparse
import json
import math
import random
import re
import statistics
import sys
from pathlib import Path

RESAMPLES = 2000


def sign(x):
    return (x > 0) - (x < 0)


def kendall_tau(a, b):
    """Tau-b (Kendall 1945), which allows for ties; NaN where all of one are equal."""
    pairs = [(sign(a[i] - a[j]), sign(b[i] - b[j])) for i in range(len(a)) for j in range(i)]
    untied = math.sqrt(sum(x != 0 for x, _ in pairs) * sum(y != 0 for _, y in pairs))
    return sum(x * y for x, y in pairs) / untied if untied else math.nan


def interval(a, b):
    """2.5 and 97.5 % quantiles of tau over encodes drawn with replacement; always the same draws."""
    draw = random.Random(1)
    taus = []
    for _ in range(RESAMPLES):
        chosen = [draw.randrange(len(a)) for _ in a]
        taus.append(kendall_tau([a[i] for i in chosen], [b[i] for i in chosen]))
    taus = sorted(tau for tau in taus if not math.isnan(tau))
    return (taus[int(0.025 * len(taus))], taus[int(0.975 * len(taus))]) if taus else (math.nan, math.nan)


def accuracies(folder, name):
    """{index of the encode: accuracy in percent} of FOLDER/NAME-INDEX.json."""
    found = {}
    for path in folder.glob(name + "-*.json"):
        index = re.fullmatch(re.escape(name) + r"-(\d+)", path.stem)
        if index:
            found[int(index[1])] = 100 * json.loads(path.read_text(encoding="utf-8"))["accuracy"]
    return found


def table(folder):
    alone = accuracies(folder, "alone")
    lines = ["| supernet trained through | encodes | tau | 95 % interval | mean | deviation |",
             "|---|---|---|---|---|---|"]
    if len(alone) > 1:
        lines.append("| (each encode alone) | %d | | | %.2f %% | %.2f %% |"
                     % (len(alone), statistics.mean(alone.values()), statistics.stdev(alone.values())))
    names = {path.stem.rpartition("-")[0] for path in folder.glob("*-*.json")} - {"alone"}
    for name in sorted(names):
        shared = accuracies(folder, name)
        both = sorted(set(alone) & set(shared))
        if len(both) < 3:
            continue
        a, b = [alone[i] for i in both], [shared[i] for i in both]
        low, high = interval(a, b)
        lines.append("| %s | %d | %.2f | %.2f to %.2f | %.2f %% | %.2f %% |"
                     % (name, len(both), kendall_tau(a, b), low, high, statistics.mean(b), statistics.stdev(b)))
    return lines


def main(words):
    parser = argparse.ArgumentParser(usage="table.py FOLDER | table.py --encodes FILE.json")
    parser.add_argument("--encodes", metavar="FILE.json", type=Path)
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args(words)
    if options.encodes:
        document = json.loads(options.encodes.read_text(encoding="utf-8"))
        print("\n".join(member["encode"] for island in document["islands"] for member in island["members"]))
        return 0
    if options.folder is None or not options.folder.is_dir():
        print("error: %s is no folder of runs\n  suggestion: name one that jobs/ranking/run.sh made" % options.folder,
              file=sys.stderr)
        return 2
    print("\n".join(table(options.folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
