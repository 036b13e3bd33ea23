#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Collects the points of scaling studies into one table, as CSV and HDF5. See README.md here."""

import argparse
from pathlib import Path

import point
import table
from problem import BAD_DATA, Problem, run

from atnas_analysis.scaling.series import compare, medians, repeats


def row_of(settings, result):
    iterations = result["timed_iterations"]
    # A point is no run: the checkpoint at its end says nothing about an iteration.
    seconds = (result["seconds"] - result["phases"]["checkpoint"]["max"]) / iterations
    every = settings["generation_every"]
    row = {name: settings[name] for name in ("kind", "deck", "reduction", "work", "ranks", "islands", "batch", "repeat",
                                             "population", "fitness_tasks")}
    row.update(host=str(result.get("host", "")), iterations=int(iterations), weights=int(result["weights"]),
               ranks_per_node=point.ranks_per_node(settings, result),
               generations=int(iterations) // every if every else 0, seconds_per_iteration=seconds,
               tasks_per_s=settings["batch"] / seconds if seconds > 0 else 0.0)
    for phase in point.PHASES:
        for statistic in point.STATISTICS:
            row["%s_%s" % (phase, statistic)] = result["phases"][phase][statistic] / iterations
    return row


def collect(folders):
    """The rows of the table, and for how many of them the ranks of a node are a guess."""
    rows, guessed = [], 0
    for folder in folders:
        paths = sorted(Path(folder).glob("*-r*-n*.json"))
        if not paths:
            raise Problem(BAD_DATA, "%s holds no points" % folder, "no file STUDY-rRANKS-nREPEAT.json is there",
                          "name folders that study.py wrote")
        for path in paths:
            settings, result = point.read_point(path)
            row = row_of(settings, result)
            guessed += settings["ranks"] > 1 and "ranks_per_host" not in result
            if row["seconds_per_iteration"] <= 0:
                raise Problem(BAD_DATA, "%s took no time besides its checkpoint" % path,
                              "its figures contradict each other", "measure this point again")
            rows.append(row)
    compare(rows)
    return sorted(rows, key=lambda row: (row["deck"], row["kind"], row["ranks"], row["repeat"])), guessed


def summary(rows):
    """Medians over repeats, for people."""
    lines = ["%-20s %-6s %6s %7s %7s %9s %10s %8s %10s" % ("deck", "kind", "ranks", "islands", "batch", "ms/iter",
                                                         "tasks/s", "speed-up", "efficiency")]
    for like in (like for by_ranks in repeats(rows).values() for like in by_ranks.values()):
        middle = medians(like)
        first = like[0]
        lines.append("%-20s %-6s %6d %7d %7d %9.2f %10.2f %8.2f %9.1f%%" % (
            first["deck"], first["kind"], first["ranks"], first["islands"], first["batch"],
            1e3 * middle["seconds_per_iteration"], middle["tasks_per_s"], middle["speedup"],
            100 * middle["efficiency"]))
    return "\n".join(lines)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="+", help="of a study")
    parser.add_argument("-o", "--output", type=Path, help="name of the two files without ending (FOLDER/table)")
    options = parser.parse_args(words)
    rows, guessed = collect(options.folder)
    output = options.output or Path(options.folder[0]) / "table"
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        table.write_csv("%s.csv" % output, rows)
        table.write_hdf5("%s.h5" % output, rows)
    except OSError as error:
        raise Problem(BAD_DATA, "%s.csv and .h5 cannot be written" % output, str(error), "choose another --output")
    print(summary(rows))
    if guessed:
        print("note: %d point(s) do not say how many ranks shared a node; ranks_per_node is what study.py was told with"
              " --ranks-per-node or took from Slurm, else all of them" % guessed)
    print("%d points in %s.csv and %s.h5" % (len(rows), output, output))
    return 0


if __name__ == "__main__":
    run(main)
