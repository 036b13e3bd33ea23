// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/engine_options.hpp"

#include "atnas/meta/learner_registry.hpp"

namespace atnas::app {

engine::ReplicaOptions replica_options(const Deck& deck, backend::Profile profile) {
    return {deck.runtime.backend, {0, deck.cuda.tf32, deck.cuda.algorithms, profile}, deck.cuda.streams};
}

engine::MetaNetworkOptions network_options(const Deck& deck) {
    engine::MetaNetworkOptions options{deck.space, replica_options(deck), deck.run.seed};
    const meta::Kept kept = entry_of(deck.meta.learner).kept;
    options.inner_loop = {deck.meta.inner_optimizer, kept == meta::Kept::nothing ? 0 : deck.meta.inner_steps};
    if (deck.meta.multi_step_loss > 0) options.inner_loop.query_losses = meta::QueryLosses::every_step;
    if (kept == meta::Kept::directions)
        options.rates = {deck.meta.inner_steps, static_cast<float>(deck.meta.inner_rate)};
    options.plans = deck.runtime.plans;
    if (deck.meta.pretraining.iterations > 0) options.pretrains = engine::Pretrains::yes;
    return options;
}

space::NetworkOptions network_of(const io::NetworkFile& file, const Deck& deck) {
    space::NetworkOptions options = deck.space;
    options.image = file.image;
    options.way = static_cast<int>(file.classes.size());
    options.pretrain_classes = 0;
    options.max_macs = options.max_parameters = 0;  // nothing is bred
    return options;
}

engine::ReducerOptions reducer_options(const Deck& deck) {
    // Before the watchdog, which knows less about what hangs.
    return {.reduction = deck.runtime.reduction, .timeout_seconds = 0.8 * deck.runtime.stall_limit};
}

meta::AdaptationOptions judged_adaptation(const Deck& deck) {
    return {deck.meta.steps_in_evaluation(), static_cast<float>(deck.meta.inner_rate),
            entry_of(deck.meta.learner).adapted};
}

engine::MetaTrainingOptions training_options(const Deck& deck) {
    engine::MetaTrainingOptions options;
    options.seed = deck.run.seed;
    options.batch = deck.meta.batch;
    options.learner = deck.meta.learner;
    options.adaptation = {deck.meta.inner_steps, static_cast<float>(deck.meta.inner_rate)};
    options.first_order_iterations = deck.meta.first_order_iterations;
    options.multi_step_iterations = deck.meta.multi_step_loss;
    options.statistics = deck.task.statistics;
    options.outer = deck.meta.outer;
    options.outer.iterations = deck.run.iterations;
    options.pretraining = deck.meta.pretraining;
    options.paths = deck.evo.paths;
    const bool is_fixed = deck.evo.evolution.kind == evo::Kind::fixed;
    options.paths.finalists_from = is_fixed ? 0 : deck.evo.finalists.begin(deck.run.iterations);
    options.mutation_rate = deck.evo.evolution.variation.mutation_rate;
    return options;
}

engine::GenerationOptions generation_options(const Deck& deck) {
    return {.seed = deck.run.seed,
            .tasks = deck.evo.fitness_tasks,
            .memory = deck.evo.memory,
            .rounds = deck.evo.racing,
            .guard = deck.evo.caution > 0 ? engine::Guard::best_elder : engine::Guard::nobody,
            .adaptation = judged_adaptation(deck),
            .statistics = deck.task.statistics};
}

engine::MigrationOptions migration_options(const Deck& deck) {
    engine::MigrationOptions options{
        .migration = deck.migration.options, .topology = deck.migration.topology, .seed = deck.run.seed};
    // Migration belongs to what the baselines are compared with.
    if (deck.evo.evolution.kind != evo::Kind::islands) options.topology.kind = evo::TopologyKind::none;
    return options;
}

}  // namespace atnas::app
