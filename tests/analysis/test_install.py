# SPDX-License-Identifier: Apache-2.0
"""``pip install ./analysis``, as a user types it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent.parent
ANALYSIS = ROOT / "analysis"


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


def test_the_continuous_integration_lacks_nothing():
    """Tests that a package is missing for go by `needed`, which fails there."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("*.py")) if path.name != "test_install.py")
    assert "needed(" in text and "importorskip(" not in text and "find_spec(" not in text


def test_the_setup_looks_for_all_that_the_tests_need():
    """It would take an environment for whole that lacks some of it."""
    extra = re.search(r"^tests = \[(.*?)\]", (ANALYSIS / "pyproject.toml").read_text(encoding="utf-8"), re.M | re.S)
    wanted = {name.replace("-", "_") for name in re.findall(r'"([\w-]+)[<>=]', extra[1])}
    setup = (ROOT / "jobs/setup.sh").read_text(encoding="utf-8")
    probed = {name.strip() for line in re.findall(r'"import ([\w, ]+)"', setup) for name in line.split(",")}
    assert len(wanted) > 5 and wanted - {"matplotlib_inline"} <= probed  # ipykernel imports that one


def test_what_is_missing_fails_in_the_continuous_integration(needed, monkeypatch):
    for name, variable in (("Failed", "1"), ("Skipped", "")):
        monkeypatch.setenv("CI", variable)
        with pytest.raises(BaseException) as caught:
            needed("no_such_package")
        assert type(caught.value).__name__ == name and "no_such_package" in str(caught.value)
