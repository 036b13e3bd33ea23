# SPDX-License-Identifier: Apache-2.0
"""The state of a search or a training."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from .deck_file import DeckFile
from .frame import documented
from .space import CELLS, Genotype, number_of
from .weights import Weights

ISLANDS = {
    "island": "number of the island, from 0",
    "fitness": "accuracy in the last evaluation, 0 to 1; -1: its loss was not finite; NaN: not evaluated yet",
    "fitness_error": "standard error of the fitness; NaN: not evaluated yet",
    "difference_error": "standard error of its lead over the best elder, of those judged for the first time; else 0",
    "tasks": "tasks behind the fitness",
    "rounds": "rounds of racing in the last evaluation",
    "age": "generations survived",
    "birth": "generation in which it was made",
    "id": "unique over the run",
    "parent_a": "id of a parent; -1: none",
    "parent_b": "id of the other parent; -1: none",
    "parameters": "weights of its subnet",
    "macs": "multiply-accumulates of its subnet for one image",
    "memory": "bytes of all that its subnet computes for one image",
    "latency": "microseconds of its subnet for one image of a batch; NaN: not measured",
    "encode": "its genotype as text",
}
INDIVIDUALS = {
    **ISLANDS,
    "island": "number of the island that it was born on, from 0",
    "fitness": "accuracy when it was judged first, 0 to 1; -1: its loss was not finite",
}
HISTORY = {
    "generation": "number of the generation, from 0",
    "iteration": "meta-iterations done",
    "island": "number of the island, from 0",
    "best": "fitness of the island's best, -1 to 1",
    "mean": "mean fitness of the island, -1 to 1",
    "spread": "standard deviation of fitness within the island; NaN where an older program recorded it",
    "encodes": "different encodes among the island's individuals; 0 where an older program recorded it",
}
FRONT = {
    "generation": "number of the generation, from 0",
    "hypervolume": "of the generation's front, 0 to 1",
    "fitness": "0 to 1",
    "parameters": ISLANDS["parameters"],
    "macs": ISLANDS["macs"],
    "memory": ISLANDS["memory"],
    "latency": ISLANDS["latency"],
}
MIGRATIONS = {
    "generation": "when it left and arrived",
    "from": "island that it left",
    "to": "island that it came to",
    "admission": "accepted, already there, or not better",
    "fitness": "on the island it left, -1 to 1",
}
ADMISSIONS = ("accepted", "already there", "not better")
TRAINING = {
    "cell": "type of the cell",
    "gene": "place in the cell that chooses an operation",
    "operation": "name of the operation",
    "tasks": "tasks, and mini-batches of pretraining, that it was trained in",
}


class Checkpoint(DeckFile):
    """A file ``checkpoint-<iteration>.h5`` or ``latest.h5``.

    Frames carry what their columns mean in ``frame.attrs["docs"]``.
    """

    KIND, VERSION, TITLE = "atnas-checkpoint", 5, "checkpoint"

    @functools.cached_property
    def counters(self) -> dict[str, int]:
        """Where it stands: ``iteration``, ``generation``, ``tasks``, ..."""
        return self.attributes("/counters")

    @property
    def iteration(self) -> int:
        return int(self.counters.get("iteration", 0))

    @property
    def trains(self) -> bool:
        """Whether ``atnas train`` wrote it; there are no islands then."""
        return "train_phase" in self.counters

    @functools.cached_property
    def weights(self) -> Weights:
        """The weights of the supernet by name; each block is read when it is asked for."""
        return Weights(self)

    @property
    def iteration_loss(self) -> np.ndarray:
        """Mean query loss of each meta-iteration, [iterations]."""
        return self.array("/history/iteration_loss")

    @property
    def genotypes(self) -> np.ndarray:
        """Of all individuals, [islands, individuals, genes]."""
        return self.array("/islands/genotypes")

    @functools.cached_property
    def islands(self) -> pd.DataFrame:
        """One row per individual that lives now."""
        genotypes = self.genotypes
        if genotypes.ndim != 3:
            return documented({name: [] for name in ISLANDS}, ISLANDS, str(self.path))
        count, size = genotypes.shape[:2]
        return self._individuals("/islands", np.repeat(np.arange(count), size))

    @functools.cached_property
    def individuals(self) -> pd.DataFrame:
        """One row per individual that was judged, as it was when it was judged first, in the order of generations: the
        newest ``run.individuals``, and of a run that an older program began those who were born since."""
        if not self.has("/individuals"):
            return documented({name: [] for name in INDIVIDUALS}, INDIVIDUALS, str(self.path))
        return self._individuals("/individuals", self.array("/individuals/island"), INDIVIDUALS)

    def _individuals(self, group: str, islands: np.ndarray, docs: dict[str, str] = ISLANDS) -> pd.DataFrame:
        columns: dict[str, object] = {"island": islands}
        for name in docs:
            if name in ("island", "encode"):
                continue
            if name.startswith("parent_"):
                columns[name] = self.array(group + "/parents").reshape(-1, 2)[:, int(name == "parent_b")]
            else:
                columns[name] = self.array(f"{group}/{name}").ravel()
        genotypes = self.array(group + "/genotypes")
        columns["encode"] = self.texts(genotypes.reshape(len(islands), genotypes.shape[-1]))
        return documented(columns, docs, str(self.path))

    def texts(self, genotypes: np.ndarray) -> list[str]:
        """Encodes as ATNAS writes them, of [n, genes]."""
        known: dict[bytes, str] = {}
        texts = []
        for genes in genotypes:
            key = genes.tobytes()
            if key not in known:
                known[key] = self.space.text(genes)
            texts.append(known[key])
        return texts

    @property
    def candidates(self) -> pd.DataFrame:
        """Those of ``islands`` who can be the best, the best first: judged, within ``evo.max_latency``, and in as many
        rounds of racing as anybody; of equals in fitness the one of fewer MACs is better, as in the program."""
        judged = self.islands.dropna(subset=["fitness"])
        most = number_of(self.deck, "evo.max_latency", float)
        if most > 0:
            judged = judged[~(judged["latency"].astype(float) > most)]
        judged = judged[judged["rounds"] == judged["rounds"].max()]
        genes = self.genotypes.reshape(len(self.islands), -1) if len(judged) else np.empty((0, 0))
        keys = {i: (-row["fitness"], row["macs"], tuple(genes[i]), row["id"]) for i, row in judged.iterrows()}
        return judged.loc[sorted(keys, key=keys.__getitem__)]

    @property
    def best(self) -> pd.Series | None:
        """The first of ``candidates``; None where there is none, as before the first generation."""
        candidates = self.candidates
        return None if candidates.empty else candidates.iloc[0]

    @property
    def genotype(self) -> Genotype | None:
        """That of the best individual, or of the first one before anybody was judged."""
        if self.islands.empty:
            return None
        best = self.best
        return Genotype.parse((self.islands.iloc[0] if best is None else best)["encode"])

    @functools.cached_property
    def history(self) -> pd.DataFrame:
        """One row per generation and island, in the order of time."""
        newer = {"spread": np.nan, "encodes": 0}
        rows = len(self.array("/history/generation"))
        columns = {name: self.array("/history/" + name) if name not in newer or self.has("/history/" + name)
                   else np.full(rows, newer[name]) for name in HISTORY}
        return documented(columns, HISTORY, str(self.path))

    @property
    def history_genotypes(self) -> np.ndarray:
        """The best genotype of each row of ``history``, [rows, genes]."""
        return self.array("/history/best_genotype")

    @functools.cached_property
    def front(self) -> pd.DataFrame:
        """One row per generation and member of its front; empty without ``evo.objectives``."""
        if not self.has("/history/front"):
            return documented({name: [] for name in FRONT}, FRONT, str(self.path))
        columns: dict[str, object] = {name: self.array("/history/front/" + name) for name in FRONT}
        columns["encode"] = self.texts(self.array("/history/front/genotypes"))
        return documented(columns, {**FRONT, "encode": ISLANDS["encode"]}, str(self.path))

    @functools.cached_property
    def migrations(self) -> pd.DataFrame:
        """One row per migrant."""
        columns = {name: self.array("/migrations/" + name) for name in MIGRATIONS}
        admission = columns["admission"]
        if len(admission) and not 0 <= admission.min() <= admission.max() < len(ADMISSIONS):
            raise self.damaged("/migrations/admission holds values that mean nothing")
        for end in ("from", "to"):
            if len(admission) and not 0 <= columns[end].min() <= columns[end].max() < len(self.genotypes):
                raise self.damaged(f"/migrations/{end} holds no numbers of islands")
        columns["admission"] = np.array(ADMISSIONS, dtype=object)[admission.astype(int)]
        return documented(columns, MIGRATIONS, str(self.path))

    @functools.cached_property
    def training(self) -> pd.DataFrame:
        """How often each operation was trained at each place; empty for spaces without operations."""
        counts = self.array("/training/counts")
        rows: list[tuple[str, str, str, int]] = []
        if counts.size and self.space.preset:
            if len(counts) != len(self.space.genes):
                raise self.damaged("/training/counts has another number of genes than the space")
            for cell in CELLS:
                if cell not in self.space.used:
                    continue
                for gene in self.space.operation_genes(cell):
                    for value, operation in enumerate(self.space.operations):
                        rows.append((cell, self.space.genes[gene], operation, int(counts[gene, value])))
        columns = {name: [row[i] for row in rows] for i, name in enumerate(TRAINING)}
        return documented(columns, TRAINING, str(self.path))
