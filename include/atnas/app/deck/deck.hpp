// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Everything a search can be told, typed. Where each key comes from, its range and meaning: app/deck_schema.hpp.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

#include "atnas/backend/cuda_options.hpp"
#include "atnas/comm/reduction.hpp"
#include "atnas/comm/task_counters.hpp"
#include "atnas/engine/finalists.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/path_sampler.hpp"
#include "atnas/engine/pretraining.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/evo/migration.hpp"
#include "atnas/evo/topology.hpp"
#include "atnas/io/reproducibility.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/meta/task_shape.hpp"
#include "atnas/nn/inner_optimizer.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::app {

/// [run] How long, where and how often.
struct RunOptions {
    std::uint64_t seed{1};
    std::filesystem::path folder;  ///< checkpoints and metrics; never empty in a finished deck
    int iterations{1000};          ///< meta-iterations
    int checkpoint_every{200};     ///< iterations; one is also written at the end; 0 = only then
    int keep{3};                   ///< newest checkpoints kept
    int individuals{20000};        ///< newest ones that a checkpoint lists with fitness and parents; 0 = none
    int log_every{0};              ///< iterations between extra log lines; 0 = one line per generation
    double walltime{0};            ///< seconds within which the run stops; 0 = what Slurm gives, or no limit
    double checkpoint_minutes{0};  ///< between checkpoints, besides checkpoint_every; 0 = never
    int compare_every{100};        ///< iterations between comparisons of the replicas; 0 = at checkpoints only
};

/// [runtime] What may differ between machines.
struct RuntimeOptions {
    std::string backend{"auto"};  ///< see engine::ReplicaOptions
    int threads{1};               ///< OpenMP threads per rank
    comm::Reduction reduction{comm::Reduction::exact};
    comm::CounterScope work{comm::CounterScope::node};  ///< the ranks that take over work from each other
    int plans{0};  ///< compiled plans that a rank keeps; 0 = the usual number, see engine::MetaNetworkOptions
    double stall_limit{1800};  ///< seconds without progress after which a rank ends the job; 0 = never
};

/// [cuda] What only the cuda backend reads.
struct CudaDeck {
    backend::Tf32 tf32{backend::Tf32::no};
    backend::CudaAlgorithms algorithms{backend::CudaAlgorithms::deterministic};
    int streams{4};  ///< tasks of a rank in flight
};

/// [meta] Inner loop, meta-learner and outer optimizer.
struct MetaOptions {
    meta::Learner learner{meta::Learner::fomaml};
    int first_order_iterations{0};  ///< see engine::MetaTrainingOptions
    int multi_step_loss{0};         ///< see engine::MetaTrainingOptions::multi_step_iterations
    int inner_steps{5};
    double inner_rate{0.1};
    nn::InnerOptimizerKind inner_optimizer{nn::InnerOptimizerKind::sgd};
    int batch{8};                ///< tasks per meta-iteration, over all islands
    int eval_steps{-1};          ///< inner steps in fitness and evaluation; -1 = inner_steps
    int skip_limit{20};          ///< steps skipped in a row before the run gives up; 0 = never
    meta::OuterOptions outer{};  ///< its iterations are run.iterations
    engine::PretrainingOptions pretraining{};

    int steps_in_evaluation() const noexcept { return eval_steps >= 0 ? eval_steps : inner_steps; }
};

/// [evo] Islands, their populations, and which paths train.
struct EvoOptions {
    int islands{2};
    evo::EvolutionOptions evolution{};
    std::vector<evo::ObjectiveName> objectives{evo::ObjectiveName::fitness};  ///< fitness first, no other twice
    double max_latency{0};        ///< microseconds for an image, see engine::LatencyTable; 0 = any
    std::string founder;          ///< encode the first populations derive from; empty = drawn from the seed
    int generation_every{50};     ///< iterations between generations (E)
    int fitness_tasks{20};        ///< episodes that judge one individual
    int racing{1};                ///< rounds, see engine/racing.hpp
    double memory{0};             ///< see engine::GenerationOptions
    double caution{0};            ///< see evo/cautious_fitness.hpp
    engine::PathOptions paths{};  ///< finalists_from follows from finalists
    engine::FinalistOptions finalists{};

    /// Whether the latency of individuals counts.
    bool measures_latency() const noexcept {
        return max_latency > 0 || std::ranges::find(objectives, evo::ObjectiveName::latency) != objectives.end();
    }
};

/// [migration]
struct MigrationDeck {
    evo::TopologyOptions topology{};
    evo::MigrationOptions options{};
};

/// A whole deck. Built by app/deck_reader.hpp, which checks it; plain data otherwise.
struct Deck {
    RunOptions run{};
    RuntimeOptions runtime{};
    CudaDeck cuda{};
    engine::DataOptions data{};
    engine::TaskOptions task{};
    /// image is the data's and set by whoever loads it; way follows task.way.
    space::NetworkOptions space{};
    MetaOptions meta{};
    EvoOptions evo{};
    MigrationDeck migration{};

    /// Contract 1: whether results depend on nothing but deck and seed.
    io::Reproducibility reproducibility() const;
};

/// What no data is needed to find wrong between keys that are fine one by one; each problem names the keys and values.
std::vector<Problem> problems_of(const Deck& deck);

}  // namespace atnas::app
