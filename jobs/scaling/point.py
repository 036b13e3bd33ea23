# SPDX-License-Identifier: Apache-2.0
"""One measured point of a study: a JSON file with what was asked for ("settings") and what `atnas search --json` said
("result")."""

import json

from problem import BAD_DATA, Problem

from atnas_analysis.output import staged
from atnas_analysis.scaling import PHASES, STATISTICS

KINDS = ("strong", "weak")

COUNTS = ("ranks", "islands", "batch", "repeat", "iterations", "ranks_per_node", "population", "fitness_tasks",
          "generation_every")
TEXTS = ("kind", "deck", "reduction", "work")


def file_name(settings):
    return "%(kind)s-r%(ranks)05d-n%(repeat)03d.json" % settings


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check_result(result, where):
    """Throws Problem when the program's figures lack what the table needs."""
    def fail(problem, reason, suggestion="build the current program and measure this point again"):
        raise Problem(BAD_DATA, "%s %s" % (where, problem), reason, suggestion)

    if not isinstance(result, dict):
        fail("holds no figures", "an object with the keys of `atnas search --json` is needed")
    if "phases" not in result:
        fail("has no 'phases'", "this atnas is too old to report where its time goes")
    for key in ("ranks", "seconds", "timed_iterations", "weights"):
        if not is_number(result.get(key)) or not result[key] > 0:
            fail("has no number '%s' > 0" % key, "it is %r" % (result.get(key),))
    per_host = result.get("ranks_per_host", 1)
    if not isinstance(per_host, int) or not 1 <= per_host <= result["ranks"]:
        fail("has no usable 'ranks_per_host'", "from 1 to the number of ranks is possible, it is %r" % (per_host,))
    for phase in PHASES:
        times = result["phases"].get(phase) if isinstance(result["phases"], dict) else None
        if not isinstance(times, dict) or not all(is_number(times.get(s)) and times[s] >= 0 for s in STATISTICS):
            fail("has no times 'phases.%s'" % phase, "min, avg and max in seconds are needed, it is %r" % (times,))


def check_settings(settings, where):
    def fail(key):
        raise Problem(BAD_DATA, "%s has no usable 'settings.%s'" % (where, key),
                      "study.py writes it beside the figures", "delete the file and measure this point again")

    if not isinstance(settings, dict):
        raise Problem(BAD_DATA, "%s is no point of a study" % where, "it has no 'settings'",
                      "name folders that study.py wrote")
    for key in COUNTS:
        least = 0 if key in ("repeat", "generation_every") else 1
        if not isinstance(settings.get(key), int) or settings[key] < least:
            fail(key)
    for key in TEXTS:
        if not isinstance(settings.get(key), str):
            fail(key)
    if settings["kind"] not in KINDS:
        fail("kind")


def check_ranks(settings, result, where):
    if result["ranks"] != settings["ranks"]:
        raise Problem(BAD_DATA, "%s ran on %s rank(s), %s were asked for" % (where, result["ranks"], settings["ranks"]),
                      "launcher and program belong to different MPI libraries, or the launcher ignores its count",
                      "use the launcher of the MPI that atnas was built with (--launcher)")


def ranks_per_node(settings, result):
    """Ranks of the fullest node as the program saw them; a program that does not say leaves what the study took them
    to be."""
    return result.get("ranks_per_host", settings["ranks_per_node"])


def read_point(path):
    """The settings and the result of a file, both checked."""
    try:
        with open(path, encoding="utf-8") as file:
            text = json.load(file)
    except (OSError, ValueError) as error:
        raise Problem(BAD_DATA, "%s cannot be read" % path, str(error), "delete it and measure this point again")
    settings = text.get("settings") if isinstance(text, dict) else None
    check_settings(settings, path)
    check_result(text.get("result"), path)
    check_ranks(settings, text["result"], path)
    return settings, text["result"]


def write_point(path, settings, result):
    """Whole or not at all: a study that was interrupted measures the missing points only."""
    with staged(path) as partial, open(partial, "w", encoding="utf-8") as file:
        json.dump({"settings": settings, "result": result}, file, indent=1, sort_keys=True)
        file.write("\n")
