# SPDX-License-Identifier: Apache-2.0
"""What a run is doing, for a terminal."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path

import pandas as pd

from .checkpoint import Checkpoint
from .run_folder import RunFolder
from .sparkline import sparkline
from .text_table import duration, si, table

MOST_ISLANDS = 12
BAR = 30


def age_of(path: Path) -> float | None:
    """Seconds since it was written; None where it is gone since it was read."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return None


def eta_seconds(metrics: pd.DataFrame, iterations: int) -> float | None:
    """How long the rest takes at the speed of the newest line; None where that cannot be told."""
    if not {"iteration", "tasks", "tasks_per_s"} <= set(metrics.columns):
        return None
    columns = ["iteration", "tasks", "tasks_per_s"]
    metrics = metrics[columns].apply(pd.to_numeric, errors="coerce")
    last = metrics.iloc[-1]
    done, tasks, speed = (float(last[name]) for name in columns)
    if not (done > 0 and tasks > 0 and speed > 0):
        return None
    before = metrics.iloc[-2] if len(metrics) > 1 else None
    per_iteration = tasks / done
    if before is not None and done > before["iteration"]:
        per_iteration = (tasks - float(before["tasks"])) / (done - float(before["iteration"]))
    return max(iterations - done, 0) * per_iteration / speed


def known(row: pd.Series, name: str) -> bool:
    """Whether the line has a value there."""
    return name in row and bool(pd.notna(row[name]))


def bar(done: float, whole: float | None) -> str:
    """How much is done; empty where nobody knows of how much."""
    if not whole or pd.isna(whole):
        return ""
    share = min(done / whole, 1.0)
    filled = round(share * BAR)
    drawn = f" of {int(whole)}  [{'#' * filled}{'.' * (BAR - filled)}] {100 * share:.0f} %"
    return drawn + ("  done" if done >= whole else "")


def progress_lines(metrics: pd.DataFrame, iterations: int, age: float | None) -> list[str]:
    last = metrics.iloc[-1]
    speeds = [f"{float(last[name]):.3g} {unit}" for name, unit in (("tasks_per_s", "tasks/s"),
                                                                   ("images_per_s", "images/s")) if known(last, name)]
    told = [f"newest line {duration(age)} ago"] if age is not None else []
    if known(last, "step"):
        head = f"training, step {int(last['step'])}" + bar(last["step"], last.get("steps"))
    elif known(last, "encodes"):
        head = f"search, {int(last['encodes'])} encodes tried" + bar(last["encodes"], last.get("evaluations"))
    else:
        head = ", ".join(f"{name} {int(last[name])}" for name in ("generation", "iteration") if known(last, name))
        if known(last, "iteration"):
            head += bar(last["iteration"], iterations)
            left = eta_seconds(metrics, iterations)
            if left is not None and last["iteration"] < iterations:
                head += f"  about {duration(left)} left"
    return [head, ", ".join(speeds + told)]


def curve_lines(metrics: pd.DataFrame, width: int) -> list[str]:
    rows = []
    for name, title, factor, unit in (("loss", "loss", 1, ""), ("best_fitness", "best fitness", 100, " %"),
                                      ("mean_fitness", "mean fitness", 100, " %")):
        if name in metrics:
            value = pd.to_numeric(metrics[name], errors="coerce")
            if unit:
                value = value.where(value >= 0)  # -1: nobody had a finite loss
            newest = f"{factor * value.iloc[-1]:.{2 if unit else 4}f}{unit}" if pd.notna(value.iloc[-1]) else "-"
            rows.append(f"{title:<13} {newest:>9}  {sparkline(value.to_list(), width)}")
    return rows


def checkpoint_line(checkpoint: Checkpoint) -> str:
    total = checkpoint.counters.get("train_steps", 0) if checkpoint.trains else iterations_of(checkpoint)
    what = "step" if checkpoint.trains else "iteration"
    if checkpoint.trains and not checkpoint.counters["train_phase"]:
        return f"last checkpoint: before the first step, {checkpoint.path.name}"
    age = age_of(checkpoint.path)
    return (f"last checkpoint: {what} {checkpoint.iteration} of {total or '?'}, {checkpoint.path.name}" +
            (f", {duration(age)} ago" if age is not None else ""))


def loss_line(checkpoint: Checkpoint, width: int) -> str:
    """Of every iteration, for runs that have no lines of metrics (yet)."""
    loss = checkpoint.iteration_loss
    return f"{'loss':<13} {loss[-1]:>9.4f}  {sparkline(loss, width)}" if len(loss) else ""


def island_lines(checkpoint: Checkpoint, width: int) -> list[str]:
    """The islands at the newest checkpoint."""
    lines: list[str] = []
    history = checkpoint.history
    islands = sorted(history["island"].unique()) if len(history) else []
    rows = []
    for island in islands[:MOST_ISLANDS]:
        own = history[history["island"] == island]
        best, mean = (own[name].where(own[name] >= 0) for name in ("best", "mean"))  # -1: nobody had a finite loss
        newest = [f"{100 * value.iloc[-1]:.2f} %" if pd.notna(value.iloc[-1]) else "-" for value in (best, mean)]
        rows.append([str(island), *newest, "|" + sparkline(best.to_list(), width)])
    if rows:
        lines += ["", *table(["island", "best", "mean", " best by generation"], rows).splitlines()]
    if len(islands) > MOST_ISLANDS:
        lines.append(f"and {len(islands) - MOST_ISLANDS} more islands")
    return lines


def iterations_of(checkpoint: Checkpoint | None) -> int:
    """How many the deck asks for, 0 where no checkpoint tells it."""
    return checkpoint.wanted_iterations if checkpoint else 0


def live_view(path: str | Path, width: int = 80) -> str:
    """One screen. Raises Problem where there is no such folder, or what is there cannot be read."""
    run = RunFolder(path)
    with run.latest() if run.has_checkpoint else nullcontext() as checkpoint:
        return "\n".join(screen(run, checkpoint, max(width - 26, 10)))


def screen(run: RunFolder, checkpoint: Checkpoint | None, curve: int) -> list[str]:
    """Its lines; curves are that many letters wide."""
    lines, metrics = [f"atnas {run.name}"], run.metrics
    if metrics.empty:
        lines.append("no generation yet: metrics.jsonl is " +
                     ("empty" if (run.path / "metrics.jsonl").exists() else "not there"))
        lines += ["", loss_line(checkpoint, curve)] if checkpoint else []
    else:
        age = age_of(run.path / "metrics.jsonl")
        last = metrics.iloc[-1]
        same = metrics[metrics["phase"] == last["phase"]] if known(last, "phase") else metrics
        lines += progress_lines(metrics, iterations_of(checkpoint), age) + ["", *curve_lines(same, curve)]
        if known(last, "encode"):
            costs = [f"{si(last[name])} {what}" for name, what in (("params", "parameters"), ("macs", "MACs"))
                     if known(last, name)]
            lines += ["best: " + ", ".join(costs) if costs else "best:", f"  {last['encode']}"]
    if checkpoint is None:
        return [*lines, "", "no checkpoint: a training removes them when it ends" if run.is_of_training
                else "no checkpoint yet"]
    return [*lines, "", checkpoint_line(checkpoint), *island_lines(checkpoint, max(curve - 6, 10))]
