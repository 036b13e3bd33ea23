# SPDX-License-Identifier: Apache-2.0
"""What jobs/submit fills a template from: the site's settings and decks, each checked."""

import configparser
import os
import re
import sys
from pathlib import Path

import inputs

ROOT = Path(__file__).resolve().parent.parent
SITE = {"queue": ("partition", "account", "qos", "constraint", "time", "options"), "node": ("cores", "gpus"),
        "job": ("program", "launcher", "signal_seconds", "chain_by", "setup")}


def or_default(read, path, default, problems):
    """What read() finds in the file, else the default and a problem."""
    try:
        return read()
    except ValueError as error:
        problems.append("%s cannot be read (%s)" % (path, error))
        return default


def environment():
    """For the program: on a login node, and in a job alike, it runs alone."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "PMI"))}


def check_printable(text, what, problems):
    """Such a text stands in lines of the script that Slurm reads; a backslash would turn off the job's number in --output."""
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        problems.append("%s = %s: a batch script can hold neither control characters nor backslashes there" % (what, ascii(text)))


def natural(text, what, problems, least=1):
    if re.fullmatch(r"[0-9]+", text) and int(text) >= least:
        return int(text)
    problems.append("%s = %s is no whole number of at least %d" % (what, text, least))
    return least


def seconds_of(text, what, problems):
    """Of Slurm's forms those that cannot be misread."""
    match = re.fullmatch(r"(?:(\d+)-)?(\d+):([0-5]\d):([0-5]\d)", text)
    if match:
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    problems.append("%s = %s is no time, write HH:MM:SS or D-HH:MM:SS" % (what, text))
    return None


def seeds_of(text, problems):
    seeds = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part.strip())
        first, last = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (1, 0)
        if first > last:
            problems.append("--seeds = %s: '%s' is neither a number nor a range like 1-10" % (text, part))
        seeds += range(first, last + 1)
    if len(set(seeds)) != len(seeds):
        problems.append("--seeds = %s names a seed twice, two runs would write to one folder" % text)
    return seeds


class Site:
    def __init__(self, path, problems):
        parser = or_default(lambda: inputs.read_ini(path), path, configparser.ConfigParser(), problems)
        for section in parser.sections():
            for key in parser[section]:
                if key not in SITE.get(section, ()):
                    problems.append("%s: [%s] %s is no setting of a site" % (path, section, key))
        get = lambda section, key, default="": parser.get(section, key, fallback="") or default
        self.queue = {key: get("queue", key) for key in ("partition", "account", "qos", "constraint")}
        self.options = [line for line in get("queue", "options").splitlines() if line]
        self.time = get("queue", "time", "24:00:00")
        self.cores = natural(get("node", "cores", "1"), "%s: [node] cores" % path, problems)
        self.gpus = natural(get("node", "gpus", "0"), "%s: [node] gpus" % path, problems, least=0)
        self.program = str(ROOT / get("job", "program", "build/release/bin/atnas"))
        self.launcher = get("job", "launcher", "srun --mpi=pmix")
        self.signal_seconds = natural(get("job", "signal_seconds", "300"), "%s: [job] signal_seconds" % path, problems)
        self.chain_by = get("job", "chain_by", "requeue")
        self.setup = get("job", "setup").strip()
        if self.chain_by not in ("requeue", "dependency"):
            problems.append("%s: [job] chain_by = %s is neither requeue nor dependency" % (path, self.chain_by))
        if not os.access(self.program, os.X_OK):
            problems.append("%s: [job] program = %s is not there, build it or name the right one" % (path, self.program))


class Deck:
    """What the job needs to know of a deck, with the command line's changes: as the program reads it, where that runs here."""

    def __init__(self, path, words, program, problems):
        self.path = path
        self.name = Path(path).stem
        self.known = False
        own = problems
        try:
            self.values = inputs.deck_values(program, path, words, environment())
            self.known = True
        except inputs.Refused as error:
            problems.extend("%s: %s" % (path, line) for line in error.errors)
            own = []  # what the program said is enough
        except inputs.DoesNotRun as error:
            print("note: deck not checked, and read by simpler rules: the program does not run here (%s)" % error, file=sys.stderr)
        if not self.known:
            self.values = or_default(lambda: inputs.simple_deck_values(path, words), path, inputs.DEFAULTS, own)
        self.folder = self.values["run.folder"] or "runs/" + self.name
        check_printable(self.folder, "%s: run.folder" % path, problems)
        self.gpu = self.values["runtime.backend"] == "cuda"
        self.islands = natural(self.values["evo.islands"], "%s: evo.islands" % path, own)
        self.batch = natural(self.values["meta.batch"], "%s: meta.batch" % path, own)
        self.evaluations = self.islands
        for key in ("evo.population", "evo.fitness_tasks"):
            self.evaluations *= natural(self.values[key], "%s: %s" % (path, key), own)
        self.most_ranks = max(self.batch, self.evaluations)
        self.threads = natural(self.values["runtime.threads"], "%s: runtime.threads" % path, own)
