# SPDX-License-Identifier: Apache-2.0
"""What ``atnas evaluate --output`` writes: accuracy, task by task."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .frame import documented
from .interval import Interval
from .stored_file import StoredFile

TASKS = {
    "index": "number of the task; with the seed it names the episode",
    "accuracy": "share of the query images that were classified correctly, 0 to 1",
    "loss": "mean query loss",
    "run": "folder of the run of a one-shot challenge",
    "way": "classes of the run",
    "queries": "images of the run to be recognised",
}
#: Attributes that say which tasks were judged: where all are equal, tasks of the same number are the same.
SAME_TASKS = ("seed", "split", "classes", "way", "shot", "query", "within_group", "data_digest", "runs_digest")


@dataclass(frozen=True)
class Result:
    """The tasks of one kind (way and shot) of an evaluation."""

    name: str
    values: dict[str, Any]
    tasks: pd.DataFrame
    #: Of the split; empty for runs, and in files of older programs without ``--confusion``.
    class_names: tuple[str, ...] = ()

    @property
    def accuracy(self) -> Interval:
        return Interval(float(self.values["accuracy"]), float(self.values["ci95"]))

    @property
    def kind(self) -> str:
        """For people: ``5-way 1-shot``."""
        return f"{self.values.get('way', '?')}-way {self.values.get('shot', '?')}-shot"

    @property
    def iteration(self) -> int | None:
        """How many meta-iterations the judged checkpoint had behind it; None where the file does not say."""
        return int(self.values["iteration"]) if "iteration" in self.values else None

    @property
    def seen(self) -> bool:
        """Whether the search used some of these classes: it is not the accuracy on unseen ones then."""
        return bool(self.values.get("seen_classes", 0))

    def same_tasks(self, other: Result) -> bool:
        """Whether both judged the same episodes, so that they may be compared task by task."""
        keys = [key for key in SAME_TASKS if key in self.values or key in other.values]
        if self.class_names and other.class_names and self.class_names != other.class_names:
            return False
        known = ("seed" in self.values and "data_digest" in self.values) or "runs_digest" in self.values
        # Older programs did not say where classes come from.
        mine, its = ({"within_group": 0, **values} for values in (self.values, other.values))
        return known and all(mine.get(key) == its.get(key) for key in keys) and np.array_equal(
            self.tasks["index"], other.tasks["index"])


class Evaluation(StoredFile):
    """A file of ``atnas evaluate --output``."""

    KIND, VERSION, TITLE = "atnas-evaluation", 1, "evaluation"

    @functools.cached_property
    def results(self) -> list[Result]:
        """One, or one of each kind of tasks (``--tasks-of``)."""
        common = {name: value for name, value in self.attributes().items() if not name.startswith("atnas.")}
        kinds = [kind for kind in str(common.get("tasks_of", "")).split(",") if kind]
        names = tuple(self.array("/classes/names")) if self.has("/classes/names") else ()
        if not kinds:
            return [Result("", common, self._tasks(""), names)]
        return [Result(kind, {**common, **self.attributes("/" + kind)}, self._tasks("/" + kind), names)
                for kind in kinds]

    def _tasks(self, group: str) -> pd.DataFrame:
        columns = {name: self.array(f"{group}/tasks/{name}") for name in TASKS if self.has(f"{group}/tasks/{name}")}
        if "accuracy" not in columns or "index" not in columns:
            raise self.damaged(f"there is no {group}/tasks/accuracy")
        return documented(columns, TASKS, str(self.path))

    @property
    def tasks(self) -> pd.DataFrame:
        """One row per task, of all kinds."""
        frames = [result.tasks.assign(kind=result.name) if result.name else result.tasks for result in self.results]
        frame = pd.concat(frames, ignore_index=True)
        frame.attrs["docs"] = TASKS
        return frame

    @property
    def accuracy(self) -> Interval:
        """That of the first kind of tasks."""
        return self.results[0].accuracy

    @property
    def encode(self) -> str:
        return str(self.attributes().get("encode", ""))

    @functools.cached_property
    def confusion(self) -> pd.DataFrame | None:
        """With ``--confusion``: row: the class of a query image; column: what it was taken for; value: how often."""
        group = "/" + self.results[0].name if self.results[0].name else ""
        if not self.has(group + "/confusion/table"):
            return None
        names = self.array("/classes/names")
        table = self.array(group + "/confusion/table")
        if table.shape != (len(names), len(names)):
            raise self.damaged("/confusion/table has another size than the list of classes")
        return pd.DataFrame(table, index=names, columns=names)
