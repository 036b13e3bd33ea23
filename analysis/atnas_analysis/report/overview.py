# SPDX-License-Identifier: Apache-2.0
"""The head of the page, and what was run."""

from __future__ import annotations

from html import escape

from ..checkpoint import Checkpoint
from ..text_table import si
from .html_table import facts, html_table
from .source import Source


def sentence(source: Source) -> str:
    """The run in a sentence."""
    deck, counters = source.checkpoint.deck, source.checkpoint.counters
    what = f"{deck.get('task.way', '?')}-way {deck.get('task.shot', '?')}-shot tasks of {deck.get('data.source', '?')}"
    if source.checkpoint.trains:
        steps = counters.get("train_steps", 0)
        return f"A training on {deck.get('data.source', '?')}: step {counters.get('iteration', 0)} of {steps or '?'}."
    done = source.checkpoint.iteration >= source.iterations > 0
    return (f"A search over {what}, {'done' if done else 'at'} {source.checkpoint.iteration} of {source.iterations} "
            f"meta-iterations, {counters.get('tasks', 0)} tasks and {counters.get('generation', 0)} generations.")


def tiles(source: Source) -> str:
    """The figures that people look for first."""
    shown: list[tuple[str, str, str]] = []
    if source.results:
        result = source.results[0][2]
        accuracy = result.accuracy
        share = f"{100 * accuracy.mean:.2f} %"
        half = f"+- {100 * accuracy.half:.2f} %" if accuracy.half == accuracy.half else "a single task"
        when = "" if source.is_newest(result) else f", at iteration {result.iteration}"
        shown.append((f"accuracy, {result.kind}", share, half + (", seen classes" if result.seen else "") + when))
    best = source.checkpoint.best if not source.checkpoint.trains else None
    if best is not None:
        if best["fitness"] >= 0:
            shown.append(("best fitness", f"{100 * best['fitness']:.2f} %", f"+- {196 * best['fitness_error']:.2f} %"
                          if best["fitness_error"] == best["fitness_error"] else "on validation classes"))
        else:
            shown.append(("best fitness", "-", "no loss was finite"))
        shown.append(("its MACs", si(best["macs"]), "for one image"))
        shown.append(("its parameters", si(best["parameters"]), "of the subnet"))
        shown.append(("islands", str(source.checkpoint.islands["island"].nunique()),
                      f"of {len(source.checkpoint.islands)} individuals in all"))
    return '<div class="tiles">' + "".join(
        f"<div><small>{escape(name)}</small><b>{escape(value)}</b><small>{escape(more)}</small></div>"
        for name, value, more in shown) + "</div>"


def what_was_run(source: Source) -> str:
    checkpoint = source.checkpoint
    who, deck, data = checkpoint.provenance, checkpoint.deck, checkpoint.attributes("/data")
    reproducible = ("yes: it depends on deck and seed alone" if checkpoint.reproducible else "no: " + checkpoint.why_not_reproducible)
    classes = [f"{len(checkpoint.array('/data/' + part))} {name}" for part, name in
               (("train", "for training"), ("validation", "to judge"), ("test", "kept for evaluation"))]
    summary = source.summary or {}
    rows = [("state in", str(checkpoint.path)), ("program", f"atnas {who.get('version', '?')}, revision "
                                                            f"{who.get('git_revision', '?')}, {who.get('compiler', '?')}"
                                                            f", {who.get('build_type', '?')}"),
            ("started", f"{who.get('started', '?')} by {who.get('user', '?')} on {who.get('host', '?')}"),
            ("ranks", who.get("ranks") or str(summary.get("ranks", ""))),
            ("command line", who.get("command_line", "")), ("seed", str(deck.get("run.seed", "?"))),
            ("reproducible", reproducible),
            ("data", f"{data.get('source', '?')} (digest {data.get('digest', '?')}), classes: {', '.join(classes)}"),
            ("space", " ".join(f"{key.split('.')[1]} {deck[key]}" for key in
                               ("space.kind", "space.preset", "space.channels", "space.cells", "space.head")
                               if key in deck)),
            ("learner", f"{deck.get('meta.learner', '?')}, {deck.get('meta.inner_steps', '?')} inner steps, statistics "
                        f"{deck.get('task.statistics', '?')}")]
    text = "\n".join(str(part) for part in checkpoint.array("/deck/text"))
    return (facts(rows) + changes_of_the_deck(checkpoint) +
            f"<details><summary>The whole deck, every key</summary><pre>{escape(text)}</pre></details>")


def changes_of_the_deck(checkpoint: Checkpoint) -> str:
    """What is not as it is where nobody asks for anything."""
    changes = [[word or "(empty)" for word in change] for change in checkpoint.deck_changes]
    if not changes:
        return "<p>The file does not say which keys differ from their defaults.</p>"
    table = html_table(["key", "value", "default"], changes)
    if not checkpoint.trains:
        return f"<details open><summary>Differences from defaults: {len(changes)} keys</summary>{table}</details>"
    settings = [(key.removeprefix("train."), value) for key, value in checkpoint.deck.items() if key.startswith("train.")]
    return (f"<details open><summary>The training</summary>{facts(settings)}</details>"
            f"<details><summary>What its deck, which begins as the meta-network's, has different from defaults: "
            f"{len(changes)} keys</summary>{table}</details>")
