#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a table (Markdown) of evaluations: table.py runs/*-seed*/evaluation.json. One row per run, with the 95 %
interval over its tasks; where a run was done with several seeds, a row of the mean over seeds and, behind +-, the
standard deviation between them.

With --against RUN a second table: what every other run has more than RUN, seed by seed on the same tasks, as the mean
over seeds with its 95 % interval (Student's t). A difference whose interval holds 0 is none that was shown."""

import argparse
import json
import math
import os
import re
import statistics
import sys

KIND = re.compile(r"\d+x\d+$")

# 97.5 % quantiles of Student's t by degrees of freedom, from 1 on.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
           2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)


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


def kinds_in(rows):
    return sorted({kind for row in rows for kind in row[3]}, key=order)


def interval(differences):
    """Half of the 95 % interval of their mean. Of at least two."""
    freedom = min(len(differences) - 1, len(STUDENT))
    return STUDENT[freedom - 1] * statistics.stdev(differences) / math.sqrt(len(differences))


def differences(rows, base):
    """Lines of the table of what each run has more than the run called base, of seeds that both have."""
    kinds = kinds_in(rows)
    by_run = {}
    for run, seed, judged, values in rows:
        by_run.setdefault(run, {})[seed] = (judged, values)
    lines = ["| run - %s | seeds | %s |" % (base, " | ".join("%s-way %s-shot" % tuple(k.split("x")) for k in kinds)),
             "|---|---|" + "---|" * len(kinds)]
    for run in sorted(set(by_run) - {base}):
        seeds = [s for s in sorted(by_run[run]) if s in by_run[base] and by_run[run][s][0] == by_run[base][s][0]]
        if len(seeds) < 2:
            continue
        cells = []
        for kind in kinds:
            shared = [s for s in seeds if kind in by_run[run][s][1] and kind in by_run[base][s][1]]
            more = [by_run[run][s][1][kind][0] - by_run[base][s][1][kind][0] for s in shared]
            cells.append("%+.2f +- %.2f" % (statistics.mean(more), interval(more)) if len(more) > 1 else "")
        lines.append("| %s | %d | %s |" % (run, len(seeds), " | ".join(cells)))
    return lines


def table(rows):
    """Lines of the table of rows as read() gives them."""
    kinds = kinds_in(rows)
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


def main(words):
    parser = argparse.ArgumentParser(usage="table.py [--against RUN] runs/*-seed*/evaluation.json")
    parser.add_argument("--against", metavar="RUN", help="also what the other runs have more than this one")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args(words)
    if not options.paths:
        print("error: no evaluations are named\n  suggestion: table.py runs/*-seed*/evaluation.json", file=sys.stderr)
        return 2
    rows = []
    for path in options.paths:
        try:
            rows.append(read(path))
        except (OSError, ValueError, KeyError) as error:
            print("error: %s is no evaluation of a run with a seed (%s)\n  suggestion: name evaluation.json files that "
                  "jobs/learning/run.sh made" % (path, error), file=sys.stderr)
            return 3
    print("\n".join(table(rows)))
    if options.against is not None:
        runs = sorted({row[0] for row in rows})
        if options.against not in runs:
            print("error: no run is named %s\n  suggestion: name one of %s" % (options.against, ", ".join(runs)),
                  file=sys.stderr)
            return 2
        print("\n" + "\n".join(differences(rows, options.against)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
