# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for `atnas` and `mpirun`, for the scripts of jobs/."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

# What it was called with goes to `calls`; a search leaves a checkpoint. `case` says what else it does, by words of Bash.
PROGRAM = """#!/usr/bin/env bash
echo "$*" >>"$CALLS"
for word in "$@"; do
    case $word in
        --run.folder=*) mkdir -p "${word#*=}" && touch -d "1 hour ago" "${word#*=}/latest.h5" ;;
        --json=*) json=${word#*=} ;;
        --encode=*) encode=${word#*=} ;;
    esac
done
case $1 in
    %s
esac
"""


class ScriptTest(unittest.TestCase):
    """A folder of its own, with the stand-ins; the class says in CASES what its `atnas` does."""

    CASES = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, text in (("atnas", PROGRAM % self.CASES), ("mpirun", '#!/usr/bin/env bash\nshift 2\nexec "$@"\n')):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def run_script(self, script, *words, **variables):
        """What it printed, and what it called `atnas` with."""
        calls = self.folder / "calls"
        calls.unlink(missing_ok=True)
        variables = {**os.environ, "CALLS": str(calls), "ATNAS_BIN": str(self.folder / "atnas"),
                     "MPIRUN": str(self.folder / "mpirun"), **variables}
        done = subprocess.run([script, *words], cwd=self.folder, env=variables, check=True, capture_output=True,
                              text=True, timeout=60)
        return done.stdout, calls.read_text().splitlines() if calls.exists() else []
