# SPDX-License-Identifier: Apache-2.0
"""``pip install ./analysis``, as a user types it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ANALYSIS = Path(__file__).resolve().parent.parent.parent / "analysis"


def test_the_installed_package_is_whole(runs, tmp_path):
    """Without a network: the build tools and all that is needed are there."""
    before = {path.name for path in ANALYSIS.iterdir()}
    shutil.copytree(ANALYSIS, tmp_path / "analysis", ignore=shutil.ignore_patterns("*.egg-info", "build"))
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
                    "--target", tmp_path / "site", tmp_path / "analysis"], check=True, stdin=subprocess.DEVNULL)
    script = tmp_path / "site/bin/atnas-analysis"
    done = subprocess.run([script, "report", runs / "a", "-o", tmp_path / "r.html"], capture_output=True, text=True,
                          env=dict(os.environ, PYTHONPATH=str(tmp_path / "site")), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "r.html").stat().st_size > 20_000
    assert {path.name for path in ANALYSIS.iterdir()} == before
