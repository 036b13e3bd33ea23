# SPDX-License-Identifier: Apache-2.0
"""All that a report is made from, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..checkpoint import Checkpoint
from ..evaluation import Evaluation, Result
from ..opener import open as open_any
from ..problem import Problem
from ..run_folder import RunFolder


@dataclass(frozen=True)
class CheckpointFile:
    """One that is kept."""

    name: str
    bytes: int
    written: float  # seconds since 1970


@dataclass
class Source:
    """A run: its newest checkpoint and what lies beside it."""

    name: str
    checkpoint: Checkpoint
    metrics: pd.DataFrame
    results: list[tuple[str, str, Result]] = field(default_factory=list)  # file, encode, result
    files: list[CheckpointFile] = field(default_factory=list)
    summary: dict[str, Any] | None = None

    @staticmethod
    def of(path: str | os.PathLike[str]) -> Source:
        """Of a run folder or a checkpoint."""
        opened = open_any(path)
        if isinstance(opened, Checkpoint):
            return Source(Path(path).stem, opened, pd.DataFrame())
        if not isinstance(opened, RunFolder):
            raise Problem(f"there is no report of {path}", f"it is a {opened.TITLE}",
                          "name a run folder or a checkpoint")
        source = Source(opened.name, opened.latest(), opened.metrics, summary=opened.summary())
        for evaluation in opened.evaluations():
            source.add(evaluation)
        for file in opened.checkpoints:
            try:
                status = file.stat()
            except OSError:  # a run that goes on has removed it
                continue
            source.files.append(CheckpointFile(file.name, status.st_size, status.st_mtime))
        return source

    def add(self, evaluation: Evaluation) -> None:
        with evaluation:
            self.results += [(evaluation.path.name, evaluation.encode, result) for result in evaluation.results]

    def is_newest(self, result: Result) -> bool:
        """Whether it judged the newest state of the run."""
        return result.iteration in (None, self.checkpoint.iteration)

    @property
    def iterations(self) -> int:
        """How many the deck asks for."""
        return self.checkpoint.wanted_iterations
