#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The two commands of README on a fresh machine: set-up, build, the fast tests, the quick start.

usage: test_fresh_machine.py [RELEASE [USER]]    a Debian release, trixie unless given; root, or by default one who may use sudo

Packages and what was compiled are kept for the next time (machine.py). Exit code 77: no such machine can be made.
"""

import os
import sys
from pathlib import Path

from machine import USER, CannotMake, Machine

SKIPPED = 77
SOURCE = Path(__file__).resolve().parent.parent.parent
# Seconds; on two cores with nothing cached it takes a third of them.
TESTS_S, QUICKSTART_S = 4000, 1200
FAST = ["-L", "unit|mpi|app|support|tree", "-LE", "slow"]


def main(release="trixie", user=USER):
    try:
        with Machine(release, SOURCE, user) as machine:
            # The tests first: they are built with warnings as errors, and the quick start then finds its program.
            for words, limit in ((["tests/run.sh", *FAST], TESTS_S), (["jobs/quickstart.sh"], QUICKSTART_S)):
                print("== %s as %s on %s" % (" ".join(words), user, release), flush=True)
                code = machine.run(*words, timeout=limit)
                if code != 0:
                    print("%s ended with code %d on a fresh %s" % (words[0], code, release))
                    return 1
    except CannotMake as reason:
        in_ci = bool(os.environ.get("CI"))
        print("%s: there can be no fresh machine here: %s" % ("FAILED" if in_ci else "skipped", reason))
        return 1 if in_ci else SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
