#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every deck key that should change the result of a search does."""

import shutil
import unittest

import h5py

from cli import image_tree
from tiny_search import SearchTest

# What a key must change: weights, populations, history or migrations of the tiny search. The words before the first
# "/" put the deck into a state in which the key matters.
ACTING = """
run.seed=2
runtime.backend=reference
data.split_by=classes
data.validation_fraction=0.4
data.test_fraction=0.4
data.split_seed=2
data.strokes_classes=45
data.strokes_per_group=8
data.strokes_images=5
data.strokes_size=14
data.strokes_seed=2
data.rotations=quarter
data.jitter_rotation=10
data.jitter_shear=0.2
data.jitter_scale=0.2
data.jitter_translation=1
data.flip=true
data.crop=2
data.brightness=0.5
data.contrast=0.5
data.cutout=5
task.way=4
task.shot=2
task.query=1
task.within_group=true
task.statistics=joint
task.statistics_tasks=2 / task.statistics=running
task.support_copies=2 / data.jitter_rotation=20
task.train_shot=2
task.train_way=4
task.train_query=1
space.kind=conv4 data.strokes_size=16 / data.strokes_size=16
space.preset=darts
space.channels=6
space.cells=3
space.reductions=0
space.growth=2
space.stem=pooled
space.stem_multiplier=1
space.affine=false
space.max_macs=90000
space.max_parameters=900
space.head=zero
meta.learner=reptile
meta.learner=anil
meta.learner=maml
meta.learner=meta_sgd
meta.first_order_iterations=5 / meta.learner=maml
meta.multi_step_loss=5 / meta.inner_steps=2
meta.inner_steps=2
meta.inner_rate=0.3
meta.inner_optimizer=momentum / meta.inner_steps=2
meta.inner_optimizer=adam
meta.batch=6
meta.eval_steps=0
meta.optimizer=sgd
meta.rate=0.01
meta.momentum=0.5 / meta.optimizer=sgd
meta.beta1=0.5
meta.beta2=0.9
meta.epsilon=0.01
meta.schedule=cosine
meta.final_rate=0.0005 / meta.schedule=cosine
meta.warmup=6
meta.clip=0.001 / meta.optimizer=sgd
meta.weight_decay=1
meta.average=0.9
meta.pretrain_iterations=4
meta.pretrain_batches=3 / meta.pretrain_iterations=4
meta.pretrain_images=9 / meta.pretrain_iterations=4
meta.pretrain_rate=0.01 / meta.pretrain_iterations=4
evo.kind=random
evo.kind=local / evo.crossover_rate=0
evo.kind=fixed
evo.objectives=fitness,macs / evo.population=5 evo.offspring=2
evo.max_latency=1e9
evo.islands=2
evo.population=4
evo.elite=2 / evo.max_age=1
evo.offspring=2
evo.tournament=3
evo.crossover_rate=0
evo.mutation_rate=0.9
evo.max_age=1
evo.founder=og_v2
evo.founder_mutations=5
evo.generation_every=3
evo.fitness_tasks=5
evo.racing=2
evo.memory=0.5
evo.caution=2
evo.sample_population=0.1
evo.sample_population_start=0.1 / evo.sample_ramp=100
evo.sample_ramp=12 / evo.sample_population_start=0.1
evo.until=0.5
evo.finalists=2 / evo.until=0.5
evo.explore=uniform / evo.sample_population=0.1 evo.sample_population_start=0.1
evo.explore=fair / evo.sample_population=0.1 evo.sample_population_start=0.1
evo.surrogate=ridge / evo.population=6 evo.offspring=4
evo.surrogate=knn / evo.population=6 evo.offspring=4
evo.surrogate_children=2 / evo.surrogate=knn evo.population=6 evo.offspring=4
migration.topology=none
migration.topology=ring
migration.topology=torus / migration.topology=ring evo.islands=4
migration.topology=random
migration.topology=edges migration.edges=2>0
migration.edges=0>1,1>2 / migration.topology=edges migration.edges=0>1
migration.degree=2 / migration.topology=random
migration.interval=3
migration.migrants=2
migration.emigrants=random
migration.emigrants=tournament
migration.tournament=3 / migration.emigrants=tournament
migration.replace=random / evo.population=5
migration.replace=oldest / evo.population=5
migration.accept=always / migration.emigrants=random
"""


class EveryKeyActs(SearchTest):
    def result(self, place, words):
        if not any(word.startswith("runtime.backend=") for word in words):
            words = ["runtime.backend=onednn", *words]
        with h5py.File(self.search(place, *("--" + word for word in words))) as file:
            arrays = {}
            for group in ("weights", "islands", "history", "migrations"):
                file[group].visititems(lambda name, item: arrays.update({group + "/" + name: item[()].tobytes()})
                                       if isinstance(item, h5py.Dataset) else None)
        shutil.rmtree(self.folder / place)
        return arrays

    def test_key(self):
        bases = {}
        for line in ACTING.split("\n"):
            if not line:
                continue
            change, _, base = (part.strip() for part in line.partition("/"))
            with self.subTest(line):
                if base not in bases:
                    bases[base] = self.result("base", base.split())
                # Of a key given twice the change is meant, and twice is an error.
                names = {word.split("=")[0] for word in change.split()}
                rest = [word for word in base.split() if word.split("=")[0] not in names]
                changed = self.result("changed", [*change.split(), *rest])
                self.assertTrue(changed != bases[base], "the result is the same")  # not assertNotEqual, which prints both

    def test_saturation(self):
        """The built-in images have no colours."""
        image_tree(self.folder / "images", paint=lambda grey: (grey, 128, 40))
        self.assert_done(self.run_program("import", "images", "-o", "colours.h5", "--channels=3", "--size=12"))
        base = ["data.source=%s" % (self.folder / "colours.h5")]
        changed = self.result("changed", [*base, "data.saturation=0.5"])
        self.assertTrue(changed != self.result("base", base), "the result is the same")


if __name__ == "__main__":
    unittest.main()
