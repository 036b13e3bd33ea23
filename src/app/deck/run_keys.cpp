// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {

void add_run_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(seed_key(
        {"run", "seed", "", "of everything random; data.split_seed and data.strokes_seed apart", frozen},
        [](Deck & d) -> auto& { return d.run.seed; }));
    keys.push_back(path_key(
        {"run", "folder", "", "where checkpoints and metrics go; empty = runs/NAME-OF-DECK-FILE", may_change},
        [](Deck & d) -> auto& { return d.run.folder; }));
    keys.push_back(integer_key(
        {"run", "iterations", "meta-iterations", "length of the search", may_change},
        [](Deck & d) -> auto& { return d.run.iterations; }, at_least(1)));
    keys.push_back(integer_key(
        {"run", "checkpoint_every", "meta-iterations",
         "between checkpoints; one is written at the end too; 0 = only then", may_change},
        [](Deck & d) -> auto& { return d.run.checkpoint_every; }, at_least(0)));
    keys.push_back(integer_key(
        {"run", "keep", "checkpoints", "newest ones kept", may_change}, [](Deck & d) -> auto& { return d.run.keep; },
        at_least(1)));
    keys.push_back(integer_key(
        {"run", "individuals", "individuals",
         "newest ones that a checkpoint lists with fitness and parents, alive or not; 0 = none", may_change},
        [](Deck & d) -> auto& { return d.run.individuals; }, at_least(0)));
    keys.push_back(integer_key(
        {"run", "log_every", "meta-iterations", "between log lines; 0 = one line per generation only", may_change},
        [](Deck & d) -> auto& { return d.run.log_every; }, at_least(0)));
    keys.push_back(duration_key(
        {"run", "walltime", "s",
         "within which the run stops, with a checkpoint; 0 = the end of the Slurm job, or no limit", may_change},
        [](Deck & d) -> auto& { return d.run.walltime; }));
    keys.push_back(real_key(
        {"run", "checkpoint_minutes", "min", "between checkpoints, besides run.checkpoint_every; 0 = never",
         may_change},
        [](Deck & d) -> auto& { return d.run.checkpoint_minutes; }, at_least(0)));
    keys.push_back(integer_key(
        {"run", "compare_every", "meta-iterations",
         "between comparisons of the ranks' weights, which must be equal; 0 = before checkpoints only", may_change},
        [](Deck & d) -> auto& { return d.run.compare_every; }, at_least(0)));

    keys.push_back(choice_key<std::string>(
        {"runtime", "backend", "", "who computes; auto = the fastest that this machine can use", may_change},
        [](Deck & d) -> auto& { return d.runtime.backend; },
        {{"auto", "auto"}, {"reference", "reference"}, {"onednn", "onednn"}, {"cuda", "cuda"}}));
    keys.push_back(integer_key(
        {"runtime", "threads", "threads", "OpenMP threads per rank; more than 1 may change the last bits of results",
         may_change},
        [](Deck & d) -> auto& { return d.runtime.threads; }, between(1, 1024)));
    keys.push_back(integer_key(
        {"runtime", "plans", "plans",
         "networks that a rank keeps compiled for tasks, and as many for pretraining; others are compiled again; 0 = "
         "64 for each task in flight",
         may_change},
        [](Deck & d) -> auto& { return d.runtime.plans; }, at_least(0)));
    keys.push_back(duration_key(
        {"runtime", "stall_limit", "s",
         "without progress, waiting for others included, after which a rank ends the job; 0 = never", may_change},
        [](Deck & d) -> auto& { return d.runtime.stall_limit; }));
    keys.push_back(choice_key<comm::Reduction>({"runtime", "reduction", "",
                                                "of gradients between ranks; exact = as integers, the same bits on any "
                                                "number of ranks; fast = as floats, half the bytes, not reproducible",
                                                may_change},
                                               [](Deck & d) -> auto& { return d.runtime.reduction; },
                                               {{"exact", comm::Reduction::exact}, {"fast", comm::Reduction::fast}}));
    keys.push_back(choice_key<comm::CounterScope>(
        {"runtime", "work", "",
         "shared = a rank that has done its tasks takes those that others of its node have not begun; static = every "
         "rank does its own; the results are the same",
         may_change},
        [](Deck & d) -> auto& { return d.runtime.work; },
        {{"shared", comm::CounterScope::node}, {"static", comm::CounterScope::rank}}));
}

}  // namespace atnas::app
