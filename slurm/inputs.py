# SPDX-License-Identifier: Apache-2.0
"""How jobs/submit and jobs/scaling read the site's settings and decks."""

import configparser
import re
import subprocess

# What jobs/submit needs of a deck that may leave it out; the program's own defaults.
DEFAULTS = {"run.folder": "", "evo.islands": "2", "evo.population": "8", "evo.fitness_tasks": "20", "meta.batch": "8",
            "runtime.threads": "1", "runtime.backend": "auto"}


class Refused(Exception):
    """The program finds errors in a deck, one line each."""

    def __init__(self, errors):
        super().__init__(" | ".join(errors))
        self.errors = errors


class DoesNotRun(Exception):
    """The program cannot be asked here: a login node may have another processor, or forbid MPI."""


def read_ini(path):
    """A ConfigParser for the site's settings; ValueError with the reason where the file cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("#",), delimiters=("=",))
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise ValueError(str(error).replace("\n", " ")) from None
    return parser


def ask(program, words, env):
    """What the program prints when it finds nothing to complain about; raises Refused or DoesNotRun."""
    try:
        done = subprocess.run([program, *words], env=env, capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DoesNotRun(str(error)) from None
    errors = [line[7:] for line in done.stderr.splitlines() if line.startswith("error: ")]
    if done.returncode != 0 and errors:
        raise Refused(errors)
    if done.returncode != 0:
        raise DoesNotRun("code %d" % done.returncode)
    return done.stdout


def deck_values(program, deck, words, env):
    """Every key of a deck with the command line's changes, as section.key, by the program's own rules."""
    values, section = {}, ""
    for line in ask(program, ["search", deck, *words, "--dump-deck"], env).splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif "=" in line and not line.startswith("#"):
            key, value = (part.strip() for part in line.split("=", 1))
            quoted = value.startswith('"')
            values["%s.%s" % (section, key)] = re.sub(r"\\(.)", r"\1", value[1:-1]) if quoted else value
    return values


def simple_deck_values(deck, words):
    """The same without the program, for decks without quotes and repeated sections; ValueError as read_ini."""
    values, parser = dict(DEFAULTS), read_ini(deck)
    for section in parser.sections():
        values.update({"%s.%s" % (section, key): value for key, value in parser[section].items()})
    values.update(word[2:].split("=", 1) for word in words)
    return values
