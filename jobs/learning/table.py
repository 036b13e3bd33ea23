#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a table (Markdown) of evaluations: table.py runs/*-seed*/evaluation.json. One row per run, with the 95 %
interval over its tasks; where a run was done with several seeds, a row of the mean over seeds and, behind +-, the
standard deviation between them."""

import json
import os
import re
import statistics
import sys

KIND = re.compile(r"\d+x\d+$")


def kinds_of(evaluation):
    """{"5x1": (accuracy, interval)}, of one kind of task or of several."""
    several = {name: value for name, value in evaluation.items() if KIND.match(name)}
    values = several or {"%dx%d" % (evaluation["way"], evaluation["shot"]): evaluation}
    # One task has no interval.
    return {name: (100 * value["accuracy"], 100 * (value["ci95"] or 0)) for name, value in values.items()}


def read(path):
    """Run, seed, kinds of tasks, and what was judged how."""
    run, _, seed = os.path.basename(os.path.dirname(os.path.abspath(path))).rpartition("-seed")
    with open(path, encoding="utf-8") as file:
        evaluation = json.load(file)
    judged = "%s, %s, iteration %d" % (evaluation["split"], evaluation["statistics"], evaluation["iteration"])
    return run, int(seed), judged, kinds_of(evaluation)


def order(kind):
    return [int(number) for number in kind.split("x")]


def table(rows):
    """Lines of the table of rows as read() gives them."""
    kinds = sorted({kind for row in rows for kind in row[3]}, key=order)
    lines = ["| run | seed | judged on | %s |" % " | ".join("%s-way %s-shot" % tuple(k.split("x")) for k in kinds),
             "|---|---|---|" + "---|" * len(kinds)]

    def line(run, seed, judged, values):
        cells = ["%.2f +- %.2f" % values[kind] if kind in values else "" for kind in kinds]
        lines.append("| %s | %s | %s | %s |" % (run, seed, judged, " | ".join(cells)))

    for run in sorted({row[0] for row in rows}):
        seeds = sorted(row for row in rows if row[0] == run)
        for row in seeds:
            line(*row)
        if len(seeds) > 1 and len({row[2] for row in seeds}) == 1:
            shared = set.intersection(*(set(row[3]) for row in seeds))
            accuracies = {kind: [row[3][kind][0] for row in seeds] for kind in shared}
            line(run, "mean of %d" % len(seeds), seeds[0][2],
                 {kind: (statistics.mean(a), statistics.stdev(a)) for kind, a in accuracies.items()})
    return lines


def main(paths):
    if not paths:
        print("error: no evaluations are named\n  suggestion: table.py runs/*-seed*/evaluation.json", file=sys.stderr)
        return 2
    rows = []
    for path in paths:
        try:
            rows.append(read(path))
        except (OSError, ValueError, KeyError) as error:
            print("error: %s is no evaluation of a run with a seed (%s)\n  suggestion: name evaluation.json files that "
                  "jobs/learning/run.sh made" % (path, error), file=sys.stderr)
            return 3
    print("\n".join(table(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
