# SPDX-License-Identifier: Apache-2.0
"""What a run is doing, for a terminal."""

from __future__ import annotations

import math
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
    last = metrics.iloc[-1]
    done, tasks, speed = (float(last.get(name, math.nan)) for name in ("iteration", "tasks", "tasks_per_s"))
    if not (done > 0 and tasks > 0 and speed > 0):
        return None
    before = metrics.iloc[-2] if len(metrics) > 1 else None
    per_iteration = tasks / done
    if before is not None and done > before["iteration"]:
        per_iteration = (tasks - float(before["tasks"])) / (done - float(before["iteration"]))
    return max(iterations - done, 0) * per_iteration / speed


def progress_lines(metrics: pd.DataFrame, iterations: int, age: float | None) -> list[str]:
    last = metrics.iloc[-1]
    done = int(last["iteration"])
    head = f"generation {int(last['generation'])}, iteration {done}"
    if iterations:
        share = min(done / iterations, 1.0)
        filled = round(share * BAR)
        head += f" of {iterations}  [{'#' * filled}{'.' * (BAR - filled)}] {100 * share:.0f} %"
        left = eta_seconds(metrics, iterations)
        if done >= iterations:
            head += "  done"
        elif left is not None:
            head += f"  about {duration(left)} left"
    lines = [head]
    speed = f"{float(last['tasks_per_s']):.3g} tasks/s" if "tasks_per_s" in last else ""
    told = f"newest line {duration(age)} ago" if age is not None else ""
    lines.append(", ".join(text for text in (speed, told) if text))
    return lines


def curve_lines(metrics: pd.DataFrame, width: int) -> list[str]:
    rows = []
    for name, title, factor, unit in (("loss", "loss", 1, ""), ("best_fitness", "best fitness", 100, " %"),
                                      ("mean_fitness", "mean fitness", 100, " %")):
        if name in metrics:
            value = pd.to_numeric(metrics[name], errors="coerce")
            newest = f"{factor * value.iloc[-1]:.{2 if unit else 4}f}{unit}"
            rows.append(f"{title:<13} {newest:>9}  {sparkline(value.to_list(), width)}")
    return rows


def checkpoint_line(checkpoint: Checkpoint) -> str:
    total = checkpoint.counters.get("train_steps", 0) if checkpoint.trains else iterations_of(checkpoint)
    what = "step" if checkpoint.trains else "iteration"
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
        rows.append([str(island), f"{100 * own['best'].iloc[-1]:.2f} %", f"{100 * own['mean'].iloc[-1]:.2f} %",
                     "|" + sparkline(own["best"].to_list(), width)])
    if rows:
        lines += ["", *table(["island", "best", "mean", " best by generation"], rows).splitlines()]
    if len(islands) > MOST_ISLANDS:
        lines.append(f"and {len(islands) - MOST_ISLANDS} more islands")
    return lines


def iterations_of(checkpoint: Checkpoint | None) -> int:
    """How many the deck asks for, 0 where no checkpoint tells it."""
    return int(checkpoint.deck.get("run.iterations", "0")) if checkpoint else 0


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
        lines += progress_lines(metrics, iterations_of(checkpoint), age) + ["", *curve_lines(metrics, curve)]
        last = metrics.iloc[-1]
        if {"params", "macs", "encode"} <= set(metrics.columns):
            lines += [f"best: {si(last['params'])} parameters, {si(last['macs'])} MACs", f"  {last['encode']}"]
    if checkpoint is None:
        return [*lines, "", "no checkpoint yet"]
    return [*lines, "", checkpoint_line(checkpoint), *island_lines(checkpoint, max(curve - 6, 10))]
