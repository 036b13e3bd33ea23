#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a table (Markdown) of evaluations: table.py runs/*-seed*/evaluation.json. One row per run, with the 95 %
interval over its tasks; where a run was done with several seeds, a row of the mean over seeds and, behind +-, the
standard deviation between them.

With --against RUN a second table: what every other run has more than RUN, seed by seed on the same tasks, as the mean
over seeds with its 95 % interval (Student's t). A difference whose interval holds 0 is none that was shown."""

import argparse
import json
import os
import re
import statistics
import sys
import typing

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from student import half_width  # noqa: E402

KIND = re.compile(r"\d+x\d+$")
# What says which tasks were drawn; whose statistics normalise, or how long the search was, changes none of them.
TASKS = ("seed", "split", "data_digest", "classes", "query", "runs_digest")


class Row(typing.NamedTuple):
    """An evaluation of a run of one seed."""
    run: str
    seed: int
    judged: str  # on what, how and when
    kinds: dict  # {"5x1": (accuracy, interval)}
    tasks: tuple = ()  # what says which they are
    counts: dict = {}  # of them: {"5x1": 1000}


def results_of(evaluation):
    """{"5x1": what an evaluation says of it}, of one kind of task or of several."""
    several = {name: value for name, value in evaluation.items() if KIND.match(name)}
    return several or {"%dx%d" % (evaluation["way"], evaluation["shot"]): evaluation}


def kinds_of(evaluation):
    """{"5x1": (accuracy, interval)}; one task has no interval."""
    return {name: (100 * value["accuracy"], 100 * (value["ci95"] or 0))
            for name, value in results_of(evaluation).items()}


def read(path):
    run, _, seed = os.path.basename(os.path.dirname(os.path.abspath(path))).rpartition("-seed")
    with open(path, encoding="utf-8") as file:
        evaluation = json.load(file)
    judged = "%s, %s, iteration %d" % (evaluation["split"], evaluation["statistics"], evaluation["iteration"])
    # Older programs did not say whether classes are of one group.
    tasks = (*(evaluation.get(name) for name in TASKS), bool(evaluation.get("within_group")))
    counts = {name: value.get("tasks") for name, value in results_of(evaluation).items()}
    return Row(run, int(seed), judged, kinds_of(evaluation), tasks, counts)


def order(kind):
    return [int(number) for number in kind.split("x")]


def kinds_in(rows):
    return sorted({kind for row in rows for kind in row.kinds}, key=order)


def differences(rows, base):
    """Lines of the table of what each run has more than the run called base, of seeds that both have, on the same tasks;
    behind it one for each run that cannot be compared."""
    kinds = kinds_in(rows)
    by_run = {}
    for row in rows:
        by_run.setdefault(row.run, {})[row.seed] = row
    lines = ["| run - %s | seeds | %s |" % (base, " | ".join("%s-way %s-shot" % tuple(k.split("x")) for k in kinds)),
             "|---|---|" + "---|" * len(kinds)]
    left_out = []
    for run in sorted(set(by_run) - {base}):
        both = [(by_run[run][seed], by_run[base][seed]) for seed in sorted(set(by_run[run]) & set(by_run[base]))]
        pairs = [(mine, its) for mine, its in both if mine.tasks == its.tasks]
        if len(pairs) < 2:
            left_out.append("%s is left out: %d seed(s) with %s, %d of them judged on the same tasks" % (
                run, len(both), base, len(pairs)))
            continue
        cells = []
        for kind in kinds:
            more = [mine.kinds[kind][0] - its.kinds[kind][0] for mine, its in pairs
                    if kind in mine.kinds and kind in its.kinds and mine.counts.get(kind) == its.counts.get(kind)]
            cells.append("%+.2f +- %.2f" % (statistics.mean(more), half_width(more)) if len(more) > 1 else "")
        lines.append("| %s | %d | %s |" % (run, len(pairs), " | ".join(cells)))
    return lines + ([""] + left_out if left_out else [])


def table(rows):
    """Lines of the table of rows as read() gives them."""
    kinds = kinds_in(rows)
    lines = ["| run | seed | judged on | %s |" % " | ".join("%s-way %s-shot" % tuple(k.split("x")) for k in kinds),
             "|---|---|---|" + "---|" * len(kinds)]

    def line(run, seed, judged, values):
        cells = ["%.2f +- %.2f" % values[kind] if kind in values else "" for kind in kinds]
        lines.append("| %s | %s | %s | %s |" % (run, seed, judged, " | ".join(cells)))

    for run in sorted({row.run for row in rows}):
        seeds = sorted((row for row in rows if row.run == run), key=lambda row: row.seed)
        for row in seeds:
            line(run, row.seed, row.judged, row.kinds)
        if len(seeds) > 1 and len({row.judged for row in seeds}) == 1:
            shared = set.intersection(*(set(row.kinds) for row in seeds))
            accuracies = {kind: [row.kinds[kind][0] for row in seeds] for kind in shared}
            line(run, "mean of %d" % len(seeds), seeds[0].judged,
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
        runs = sorted({row.run for row in rows})
        if options.against not in runs:
            print("error: no run is named %s\n  suggestion: name one of %s" % (options.against, ", ".join(runs)),
                  file=sys.stderr)
            return 2
        print("\n" + "\n".join(differences(rows, options.against)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
