# SPDX-License-Identifier: Apache-2.0
"""The Python in analysis/README.md runs."""

import re
import shutil
from pathlib import Path

import pytest

README = Path(__file__).resolve().parent.parent.parent / "analysis/README.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)


def test_there_are_examples():
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples(needed, runs, text, capsys, monkeypatch, tmp_path):
    if "import torch" in text:
        needed("torch")
        needed("xxhash")
        for name in ("data.h5", "net.h5"):
            shutil.copy(runs / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(compile(text.replace("runs/quickstart", str(runs / "a")), str(README), "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) > 1
