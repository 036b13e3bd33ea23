# SPDX-License-Identifier: Apache-2.0
"""Errors for people: what is wrong (why), what to do about it."""

import sys

import package  # noqa: F401

import atnas_analysis.problem
from atnas_analysis.problem import BAD_ARGUMENTS, BAD_DATA  # noqa: F401

FAILED = 1


class Problem(atnas_analysis.problem.Problem):
    def __init__(self, code, problem, reason, suggestion):
        super().__init__(problem, reason, suggestion, code)


def run(main):
    """Calls main(arguments); a Problem becomes a message and an exit code."""
    try:
        sys.exit(main(sys.argv[1:]))
    except atnas_analysis.problem.Problem as problem:
        print("error: %s" % problem, file=sys.stderr)
        sys.exit(problem.code)
    except BrokenPipeError:
        sys.exit(FAILED)


def counts(text):
    """'1,2,4' as ascending integers >= 1, for argparse."""
    values = sorted({int(word) for word in text.split(",")})
    if values[0] < 1:
        raise ValueError(text)
    return values


def count(text):
    """An integer >= 1, for argparse."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def positive(text):
    """A finite number > 0, for argparse."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value
