// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "atnas/app/deck/deck_key.hpp"
#include "atnas/meta/learner_registry.hpp"

namespace atnas::app {
namespace {

DeckKey learner_key() {
    std::string meaning;
    std::vector<std::pair<std::string, meta::Learner>> choices;
    for (const auto& entry : meta::learner_registry()) {
        meaning += (meaning.empty() ? "" : "; ") + entry.name + " = " + entry.summary;
        choices.emplace_back(entry.name, entry.learner);
    }
    return choice_key<meta::Learner>(
        {"meta", "learner", "", std::move(meaning), OnRestart::frozen},
        [](Deck & d) -> auto& { return d.meta.learner; }, std::move(choices));
}

void add_inner_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(learner_key());
    // What was learned so far is as good a start for the one order as for the other.
    keys.push_back(integer_key(
        {"meta", "first_order_iterations", "iterations",
         "of tasks, from the first on, in which maml learns by first order (Antoniou et al. 2019); those of "
         "pretraining do not count",
         may_change},
        [](Deck & d) -> auto& { return d.meta.first_order_iterations; }, at_least(0)));
    keys.push_back(integer_key(
        {"meta", "multi_step_loss", "iterations",
         "of tasks, from the first on, in which the query loss after every inner step counts: alike at first, then the "
         "last more and more (Antoniou et al. 2019); 0 = the last alone",
         may_change},
        [](Deck & d) -> auto& { return d.meta.multi_step_loss; }, at_least(0)));
    keys.push_back(integer_key(
        {"meta", "inner_steps", "steps",
         "of gradient descent on the support set of a training task; with meta_sgd no restart changes them",
         may_change},
        [](Deck & d) -> auto& { return d.meta.inner_steps; }, between(0, 10000)));
    keys.push_back(real_key(
        {"meta", "inner_rate", "", "step size of the inner loop; the one that meta_sgd begins with", may_change},
        [](Deck & d) -> auto& { return d.meta.inner_rate; }, above(0)));
    keys.push_back(choice_key<nn::InnerOptimizerKind>(
        {"meta", "inner_optimizer", "",
         "of the inner loop, anew for every task: plain, with momentum 0.9, or Adam with beta1 = 0 (as Nichol et al. "
         "2018)",
         may_change},
        [](Deck & d) -> auto& { return d.meta.inner_optimizer; },
        {{"sgd", nn::InnerOptimizerKind::sgd},
         {"momentum", nn::InnerOptimizerKind::momentum},
         {"adam", nn::InnerOptimizerKind::adam}}));
    keys.push_back(integer_key(
        {"meta", "batch", "tasks", "per meta-iteration, over all islands", may_change},
        [](Deck & d) -> auto& { return d.meta.batch; }, at_least(1)));
    keys.push_back(integer_key(
        {"meta", "eval_steps", "steps",
         "inner steps in fitness and evaluation; -1 = meta.inner_steps; further ones of meta_sgd have its last rates",
         may_change},
        [](Deck & d) -> auto& { return d.meta.eval_steps; }, between(-1, 10000)));
    keys.push_back(integer_key(
        {"meta", "skip_limit", "steps",
         "skipped in a row, because the meta-gradient was not finite, before the run gives up; 0 = never", may_change},
        [](Deck & d) -> auto& { return d.meta.skip_limit; }, at_least(0)));
}

void add_outer_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(choice_key<meta::OptimizerKind>(
        {"meta", "optimizer", "", "of the shared weights", frozen}, [](Deck & d) -> auto& { return d.meta.outer.kind; },
        {{"adam", meta::OptimizerKind::adam}, {"sgd", meta::OptimizerKind::sgd}}));
    keys.push_back(real_key(
        {"meta", "rate", "", "step size of the optimizer", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.rate; }, above(0)));
    keys.push_back(real_key(
        {"meta", "momentum", "", "of sgd", may_change}, [](Deck & d) -> auto& { return d.meta.outer.momentum; },
        below(0, 1)));
    keys.push_back(real_key(
        {"meta", "beta1", "", "decay of adam's first moment", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.beta1; }, below(0, 1)));
    keys.push_back(real_key(
        {"meta", "beta2", "", "decay of adam's second moment", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.beta2; }, below(0, 1)));
    keys.push_back(real_key(
        {"meta", "epsilon", "", "in the denominator of adam", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.epsilon; }, above(0)));
    keys.push_back(
        choice_key<meta::Schedule>({"meta", "schedule", "", "of meta.rate over run.iterations", may_change},
                                   [](Deck & d) -> auto& { return d.meta.outer.schedule; },
                                   {{"constant", meta::Schedule::constant}, {"cosine", meta::Schedule::cosine}}));
    keys.push_back(real_key(
        {"meta", "final_rate", "", "where the cosine ends", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.final_rate; }, at_least(0)));
    keys.push_back(integer_key(
        {"meta", "warmup", "meta-iterations",
         "in which the rate of the schedule rises linearly from meta.rate / meta.warmup (Goyal et al. 2017); 0 = off",
         may_change},
        [](Deck & d) -> auto& { return d.meta.outer.warmup; }, at_least(0)));
    keys.push_back(real_key(
        {"meta", "clip", "", "largest global norm of the meta-gradient; 0 = off", may_change},
        [](Deck & d) -> auto& { return d.meta.outer.clip; }, at_least(0)));
    keys.push_back(real_key(
        {"meta", "weight_decay", "",
         "of convolutions and linear layers, decoupled (Loshchilov & Hutter 2019): times meta.rate a step; 0 = off",
         may_change},
        [](Deck & d) -> auto& { return d.meta.outer.weight_decay; }, at_least(0)));
    keys.push_back(real_key(
        {"meta", "average", "",
         "decay per step of a moving average of the weights, which fitness and evaluation use; 0 = the weights",
         frozen},
        [](Deck & d) -> auto& { return d.meta.outer.average; }, below(0, 1)));
}

void add_pretraining_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(integer_key(
        {"meta", "pretrain_iterations", "iterations",
         "the first of run.iterations, that learn to tell all training classes apart instead of "
         "tasks; 0 = none",
         frozen},
        [](Deck & d) -> auto& { return d.meta.pretraining.iterations; }, at_least(0)));
    keys.push_back(integer_key(
        {"meta", "pretrain_batches", "mini-batches", "per iteration of pretraining, over all islands", may_change},
        [](Deck & d) -> auto& { return d.meta.pretraining.batches; }, at_least(1)));
    keys.push_back(integer_key(
        {"meta", "pretrain_images", "images", "of a mini-batch, which is normalised by itself", may_change},
        [](Deck & d) -> auto& { return d.meta.pretraining.images; }, between(2, 100000)));
    keys.push_back(real_key(
        {"meta", "pretrain_rate", "", "step size of the optimizer in pretraining, by a meta.schedule of its own",
         may_change},
        [](Deck & d) -> auto& { return d.meta.pretraining.rate; }, above(0)));
}

}  // namespace

void add_meta_keys(std::vector<DeckKey>& keys) {
    add_inner_keys(keys);
    add_outer_keys(keys);
    add_pretraining_keys(keys);
}

}  // namespace atnas::app
