# SPDX-License-Identifier: Apache-2.0
"""The folder of a run: checkpoints, metrics and evaluations, of a search that ended or goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from .checkpoint import Checkpoint
from .evaluation import Evaluation
from .metrics import read_metrics
from .problem import Problem
from .stored_file import kind_of, open_hdf5

TRIES = 5  # the newest checkpoint may be replaced between looking and opening


class RunFolder:
    """Nothing is kept open or remembered: every look shows what is there now."""

    TITLE = "run folder"

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        if not self.path.is_dir():
            raise Problem(f"{self.path} is no run folder", "there is no such folder", "check the name")

    def __repr__(self) -> str:
        return f"<RunFolder {self.path}>"

    @property
    def name(self) -> str:
        return self.path.name or self.path.resolve().name

    @property
    def checkpoints(self) -> list[Path]:
        """Those that are kept, the oldest first."""
        return sorted(self.path.glob("checkpoint-*.h5"))

    @property
    def has_checkpoint(self) -> bool:
        return (self.path / "latest.h5").exists() or bool(self.checkpoints)

    @property
    def is_of_training(self) -> bool:
        """Whether its metrics are those of `atnas train`."""
        return "phase" in self.metrics

    def latest(self) -> Checkpoint:
        """The newest checkpoint, opened."""
        for attempt in range(TRIES):
            link = self.path / "latest.h5"
            paths = [link] if link.exists() else self.checkpoints[-1:]
            if not paths and self.is_of_training:
                raise Problem(f"{self.path} holds no checkpoint", "a training that ended removes its checkpoints",
                              "`atnas-analysis watch` shows what metrics.jsonl tells of it")
            if not paths:
                raise Problem(f"{self.path} holds no checkpoint", "there is neither latest.h5 nor checkpoint-*.h5",
                              "wait for the first one, or check the name")
            target = paths[0].resolve()
            try:
                return Checkpoint(target)
            except Problem:
                if attempt + 1 == TRIES or target.exists():
                    raise
        raise AssertionError("not reached")

    @property
    def metrics(self) -> pd.DataFrame:
        """One row per generation; empty before the first one."""
        return read_metrics(self.path / "metrics.jsonl")

    def evaluations(self) -> Iterator[Evaluation]:
        """The evaluations that lie in the folder, by name; those of other versions are refused,
        files that cannot be opened are left out."""
        for path in sorted(self.path.glob("*.h5")):
            if path.name == "latest.h5" or path.name.startswith("checkpoint-"):
                continue
            try:
                with open_hdf5(path) as file:
                    found = kind_of(path, file)
            except Problem:  # no file of ATNAS, or one that is gone
                continue
            if found == Evaluation.KIND:
                yield Evaluation(path)

    def summary(self) -> dict[str, Any] | None:
        """The figures that a search left in the folder when it ended or stopped last, None before; else those of a
        file of ``atnas search --json=FILE`` that lies there."""
        for path in [self.path / "search.json", *sorted(self.path.glob("*.json"))]:
            try:
                document = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(document, dict) and "phases" in document and "iterations" in document:
                return document
        return None
