# SPDX-License-Identifier: Apache-2.0
"""Runs the tests and doctests of analysis/ by the Python of build/python, which jobs/setup.sh makes.

usage: run.py [WORDS FOR PYTEST]    exit code 77: skipped; ATNAS_BIN names the program
"""

import os
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
NEEDED = ("h5py", "numpy", "pandas", "matplotlib", "pytest", "atnas_analysis")


def obstacle(python):
    """Why these tests cannot run, empty where they can."""
    if not os.access(python, os.X_OK):
        return "%s is not there" % python
    done = subprocess.run([python, "-c", "import " + ", ".join(NEEDED)], capture_output=True, text=True)
    return "" if done.returncode == 0 else "%s: %s" % (python, done.stderr.strip().splitlines()[-1])


def main():
    root = Path(__file__).resolve().parent.parent.parent
    python = root / "build/python/bin/python"
    reason = obstacle(python)
    if reason:
        print("%s: %s; jobs/setup.sh python makes it" % ("failed" if os.environ.get("CI") else "skipped", reason))
        return 1 if os.environ.get("CI") else SKIPPED
    if not os.access(os.environ.get("ATNAS_BIN", ""), os.X_OK):
        sys.exit("ATNAS_BIN must name the atnas program")
    words = sys.argv[1:] or ["-q", "-rs", "--durations=5"]
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "--doctest-modules", "--doctest-ignore-import-errors",
               *words, root / "tests/analysis", root / "analysis/atnas_analysis"]
    return subprocess.run(command, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", MPLBACKEND="agg"),
                          stdin=subprocess.DEVNULL, cwd=root).returncode


if __name__ == "__main__":
    sys.exit(main())
