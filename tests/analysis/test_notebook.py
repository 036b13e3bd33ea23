# SPDX-License-Identifier: Apache-2.0
"""The notebook runs, on the small run of these tests."""

import json
import sys
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parent.parent.parent / "analysis/examples/first_look.ipynb"


@pytest.fixture
def kernels(needed, tmp_path, monkeypatch):
    """A kernel of this Python: that of the system's Jupyter may be another one."""
    for name in ("nbclient", "nbformat", "ipykernel"):
        needed(name)
    place = tmp_path / "jupyter/kernels/python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps({
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3",
        "language": "python"}))
    for name, folder in (("JUPYTER_PATH", "jupyter"), ("IPYTHONDIR", "ipython"), ("JUPYTER_RUNTIME_DIR", "runtime")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel's own draws into the notebook


def texts_of(outputs):
    """All plain texts of a cell, and the kinds of pictures."""
    data = [output.get("data", {}) for output in outputs]
    plain = "".join(output.get("text", "") for output in outputs) + "".join(kind.get("text/plain", "") for kind in data)
    return plain, {name for kind in data for name in kind if name.startswith("image/")}


def test_it_runs(kernels, runs, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("ATNAS_RUN", str(runs / "a"))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3",
                   resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    cells = [texts_of(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    assert "RunFolder" in cells[0][0] and "generation" in cells[1][0]
    assert "3-way 1-shot, 20 tasks" in cells[3][0] and "+-" in cells[3][0]
    assert cells[4][0].startswith("normal=")
    assert [pictures for _, pictures in cells][2:] == [{"image/png"}, {"image/png"}, {"image/svg+xml"}, {"image/png"}]


def test_it_is_stored_without_outputs():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
    assert sum(cell["cell_type"] == "markdown" for cell in cells) >= 6
