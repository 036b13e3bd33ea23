#!/usr/bin/env python3
"""The two commands of README on a fresh Debian 13, by a user with sudo: set-up, build, the fast tests, the quick start.
The packages and what was compiled are kept for the next time (machine.py). Exit code 77: no such machine can be made."""

import os
import sys
from pathlib import Path

from machine import CannotMake, Machine

SKIPPED = 77
SOURCE = Path(__file__).resolve().parent.parent.parent
# Seconds on two busy cores, when nothing is cached, are a quarter of these.
TESTS_S, QUICKSTART_S = 4000, 1500
FAST = ["-L", "unit|mpi|app|support|tree", "-LE", "slow"]


def main():
    try:
        with Machine("trixie", SOURCE) as machine:
            # The tests first: they are built with warnings as errors, and the quick start then finds its program.
            for words, limit in ((["tests/run.sh", *FAST], TESTS_S), (["jobs/quickstart.sh"], QUICKSTART_S)):
                print("==", *words, flush=True)
                code = machine.run(*words, timeout=limit)
                if code != 0:
                    print("%s ended with code %d on a fresh Debian 13" % (words[0], code))
                    return 1
    except CannotMake as reason:
        print("%s: no fresh Debian 13 here: %s" % ("FAILED" if os.environ.get("CI") else "skipped", reason))
        return 1 if os.environ.get("CI") else SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
