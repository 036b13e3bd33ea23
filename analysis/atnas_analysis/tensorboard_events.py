# SPDX-License-Identifier: Apache-2.0
"""A run as event files, which TensorBoard reads; written by the package tensorboard itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .problem import Problem
from .report.source import Source

#: Columns of metrics.jsonl and what TensorBoard calls them; of searches by iteration, of trainings by step.
METRICS = {
    "best_fitness": "fitness/best", "mean_fitness": "fitness/mean", "hypervolume": "front/hypervolume",
    "tasks_per_s": "speed/tasks_per_s", "macs": "best/macs", "params": "best/parameters",
    "evaluations": "generation/evaluations", "evaluations_saved": "generation/evaluations_saved",
    "rate": "training/rate", "images_per_s": "speed/images_per_s",
}
FITNESS = ("fitness/best", "fitness/mean")


class Scalar(NamedTuple):
    """``step``: the meta-iteration, of a training the step; ``seconds``: since the start of the run, all its processes
    together."""

    tag: str
    step: int
    value: float
    seconds: float = 0.0


def seconds_of(metrics: pd.DataFrame) -> np.ndarray:
    """As the lines say: since the start of the process that wrote them, [lines]."""
    if "seconds" not in metrics:
        return np.zeros(len(metrics))
    return pd.to_numeric(metrics["seconds"], errors="coerce").ffill().fillna(0).to_numpy(dtype=float)


def elapsed(metrics: pd.DataFrame) -> np.ndarray:
    """Seconds since the start of the run, [lines]: where those of the lines fall, a restart began anew.

    >>> elapsed(pd.DataFrame({"seconds": [10.0, 20.0, 5.0, 9.0]})).tolist()
    [10.0, 20.0, 25.0, 29.0]
    """
    seconds = seconds_of(metrics)
    before = np.where(np.diff(seconds, prepend=0) < 0, np.roll(seconds, 1), 0)
    return seconds + before.cumsum()


def of_metrics(metrics: pd.DataFrame) -> Iterator[Scalar]:
    place = "iteration" if "iteration" in metrics else "step"
    for row, seconds in zip(metrics.to_dict("records"), elapsed(metrics)):
        step = row.get(place)
        if step is None or step != step:
            continue
        for column, tag in METRICS.items():
            value = row.get(column)
            if isinstance(value, (int, float)) and np.isfinite(value) and not (tag in FITNESS and value < 0):
                yield Scalar(tag, int(step), float(value), seconds)


def of_checkpoint(source: Source) -> Iterator[Scalar]:
    checkpoint = source.checkpoint
    for step, loss in enumerate(checkpoint.iteration_loss, 1):
        if np.isfinite(loss):
            yield Scalar("loss/query", step, float(loss))
    if not checkpoint.trains:
        for row in checkpoint.history.itertuples():
            for name, value in (("best", row.best), ("mean", row.mean)):
                if value >= 0:  # -1: nobody had a finite loss
                    yield Scalar(f"islands/{row.island}/{name}", int(row.iteration), float(value))
    for file, _, result in source.results:
        tag = f"accuracy/{Path(file).stem} {result.kind}".replace(" ", "_")
        step = checkpoint.iteration if result.iteration is None else result.iteration
        yield Scalar(tag, step, result.accuracy.mean)
        if np.isfinite(result.accuracy.half):
            yield Scalar(tag + "_ci95", step, result.accuracy.half)


def scalars_of(source: Source) -> list[Scalar]:
    return [*of_metrics(source.metrics), *of_checkpoint(source)]


def texts_of(source: Source) -> dict[str, str]:
    """In Markdown: the deck, and the best encode."""
    deck = "\n".join("    " + str(part).replace("\n", "\n    ") for part in source.checkpoint.array("/deck/text"))
    best = None if source.checkpoint.trains else source.checkpoint.genotype
    return {"deck": deck, **({"best/encode": f"`{best}`"} if best else {})}


def started(source: Source) -> float:
    """When the run began, in seconds since 1970, so that it ends when its newest process wrote the newest line: that
    process alone says when it started. 0 where the file does not say."""
    text = source.checkpoint.provenance.get("started", "")
    try:
        newest = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
    before = elapsed(source.metrics) - seconds_of(source.metrics)
    return newest - float(before[-1]) if len(before) else newest


def write_events(source: Source, folder: str) -> int:
    """Writes one event file into the folder; returns how many values it holds. A folder that holds one is refused:
    TensorBoard would show both as one run."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.plugins.scalar.summary_v2 import scalar_pb
    from tensorboard.plugins.text.summary_v2 import text_pb
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    if any(Path(folder).glob("events.out.tfevents.*")):
        raise Problem(f"{folder} holds an event file", "TensorBoard would take both for one run",
                      "name another folder, or remove the file")
    start, scalars, texts = started(source), scalars_of(source), texts_of(source)
    step = source.checkpoint.iteration
    try:
        writer = EventFileWriter(folder)
        for scalar in scalars:
            writer.add_event(Event(wall_time=start + scalar.seconds, step=scalar.step,
                                   summary=scalar_pb(scalar.tag, scalar.value)))
        for tag, text in texts.items():
            writer.add_event(Event(wall_time=start, step=step, summary=text_pb(tag, text)))
        writer.close()
    except OSError as error:
        raise Problem(f"cannot write into {folder}", error.strerror or str(error),
                      "check that it may be written to and has room") from None
    return len(scalars) + len(texts)
