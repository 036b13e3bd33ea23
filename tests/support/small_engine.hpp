// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A search of a few seconds on the reference backend: no deck, no file, no MPI unless a communicator is given.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/comm/mpi_reducer.hpp"
#include "atnas/engine/generation.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/meta_training.hpp"
#include "atnas/engine/migration.hpp"
#include "atnas/evo/cautious_fitness.hpp"
#include "atnas/meta/learner_registry.hpp"

namespace atnas::engine {

struct SmallEngineOptions {
    int islands{2};
    int batch{5};
    std::uint64_t seed{1};
    meta::Learner learner{meta::Learner::fomaml};
    int first_order_iterations{0};
    int multi_step_iterations{0};
    double average{0};  ///< of the weights
    PathOptions paths{.sample_population = 0.5, .sample_population_start = 0.5};
    comm::CounterScope scope{comm::CounterScope::node};
    evo::MigrationOptions migration{.interval = 1};
    int pretrain_iterations{0};
    meta::Statistics statistics{meta::Statistics::query};
    double memory{0};
    double caution{0};
    int rounds{1};
};

/// What a search is made of, in the order in which it is made.
class SmallEngine {
  public:
    static constexpr int batch = 5;
    static constexpr int fitness_tasks = 3;
    static constexpr int population = 3;
    static constexpr int batch_images = 6;
    static constexpr int inner_steps = 2;

    explicit SmallEngine(const SmallEngineOptions& options = {}) : SmallEngine(options, alone()) {}
    /// Collective.
    SmallEngine(const SmallEngineOptions& options, const comm::Communicator& world)
        : communicator(world),
          net(MetaNetwork::found(strokes(), network_options(options), world)),
          sharing(world, {.scope = options.scope}),
          reducer(comm::make_mpi_reducer(world, net.backend(), comm::Reduction::exact)),
          training({net, *reducer, sharing, world, times}, net.data().to_learn(task(), batch_images),
                   training_options(options)),
          generation({net, sharing, world, times}, net.data().held_out(task(), data::Role::validation),
                     net.data().to_average(averaged_task(options.statistics), options.seed),
                     {.seed = options.seed,
                      .tasks = fitness_tasks,
                      .memory = options.memory,
                      .rounds = options.rounds,
                      .adaptation = {1, 0.1f},
                      .statistics = options.statistics}),
          selection(evo::make_selection({}, evo::cautious_objectives(options.caution))),
          evolution({.space = net.space(),
                     .costs = net.costs(),
                     .selection = *selection,
                     .options = {.population = population, .selection = {.elite = 1}, .variation = {.offspring = 2}},
                     .seed = options.seed,
                     .islands = options.islands}),
          migration({.migration = options.migration, .seed = options.seed}, *selection, world),
          islands(found_islands(evolution, options.islands)) {}

    void iterate() {
        training.learn(islands, iteration);
        losses.push_back(training.step(iteration++).loss);
    }
    /// Evaluates and judges; returns how many members are broken.
    int judge(int generation_number) {
        generation.begin(islands, generation_number);
        do {
            EXPECT_TRUE(generation.evaluate([] { return false; }));
        } while (generation.next_round(islands, *selection));
        return generation.judge(islands, *selection);
    }
    /// One generation, whose fitness is kept.
    void evolve() {
        EXPECT_EQ(judge(number), 0);
        std::ranges::copy(migration.migrate(islands, number), std::back_inserter(migrants));
        for (const Island& island : islands) best.push_back(island.population().front().fitness);
        migration.next_generation(islands, evolution, number++);
    }
    std::vector<float> weights() {
        return nn::download(net.backend(), net.supernet().context(), net.supernet().weights().values());
    }
    /// Ids of all members, by island.
    std::vector<std::int64_t> members() const {
        std::vector<std::int64_t> ids;
        for (const Island& island : islands)
            for (const evo::Individual& member : island.population()) ids.push_back(member.id);
        return ids;
    }

    static const comm::Communicator& alone() {
        static const comm::Communicator serial;
        return serial;
    }
    static TaskSource strokes() {
        DataOptions options;
        options.strokes = {.classes = 12, .classes_per_group = 3, .images_per_class = 4, .size = 8};
        return {options, alone()};
    }
    static MetaNetworkOptions network_options(const SmallEngineOptions& engine) {
        MetaNetworkOptions options;
        options.network.channels = 2;
        options.network.cell.cells = 2;
        options.network.cell.reductions = {1};
        options.network.way = 2;
        options.replica.backend = "reference";
        options.seed = engine.seed;
        const meta::Kept kept = meta::entry_of(engine.learner).kept;
        if (kept != meta::Kept::nothing) options.inner_loop.kept_steps = inner_steps;
        if (engine.multi_step_iterations > 0) options.inner_loop.query_losses = meta::QueryLosses::every_step;
        if (kept == meta::Kept::directions) options.rates = {inner_steps, 0.1f};
        if (engine.pretrain_iterations > 0) options.pretrains = Pretrains::yes;
        return options;
    }
    static TaskOptions averaged_task(meta::Statistics statistics) {
        TaskOptions options = task();
        options.statistics = statistics;
        return options;
    }
    static TaskOptions task() { return {.way = 2, .shot = 1, .query = 3}; }
    static MetaTrainingOptions training_options(const SmallEngineOptions& options) {
        MetaTrainingOptions training;
        training.seed = options.seed;
        training.batch = options.batch;
        training.learner = options.learner;
        training.first_order_iterations = options.first_order_iterations;
        training.multi_step_iterations = options.multi_step_iterations;
        training.adaptation = {inner_steps, 0.1f};
        training.outer.average = options.average;
        training.paths = options.paths;
        training.statistics = options.statistics;
        training.pretraining = {.iterations = options.pretrain_iterations, .batches = 3, .images = batch_images};
        return training;
    }

    const comm::Communicator& communicator;
    MetaNetwork net;
    PhaseTimes times;
    WorkSharing sharing;
    std::unique_ptr<comm::GradientReducer> reducer;
    MetaTraining training;
    Generation generation;
    std::unique_ptr<evo::Selection> selection;
    evo::Evolution evolution;
    Migration migration;
    std::vector<Island> islands;
    int iteration{0};
    int number{0};  ///< of the generation
    std::vector<double> losses;
    std::vector<evo::MigrationRecord> migrants;
    std::vector<double> best;  ///< fitness, by generation and island
};

}  // namespace atnas::engine
