// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One generation's fitness: all individuals of all islands on the same validation tasks.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/engine/distinct_genotypes.hpp"
#include "atnas/engine/evidence.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/meta/task_shape.hpp"

namespace atnas::engine {

struct GenerationOptions {
    std::uint64_t seed{1};
    int tasks{20};     ///< that judge an individual
    double memory{0};  ///< weight of a task of a former generation, see remember(); 0 = none
    meta::AdaptationOptions adaptation{};
    meta::Statistics statistics{meta::Statistics::query};
};

/// Fitness is the mean accuracy on queries after adaptation of the weights, of their average where one is kept. All
/// individuals of a generation get the same tasks (common random numbers: what differs is the individual); every
/// generation gets others. With memory, survivors keep what former generations told about them. Individuals of one
/// genotype are judged alike, on whatever island.
class Generation {
  public:
    /// Everything that outlives it.
    struct Place {
        MetaNetwork& net;
        WorkSharing& sharing;
        const comm::Communicator& communicator;
        PhaseTimes& times;
    };
    /// \p training: tasks to average over where the statistics ask for it.
    Generation(const Place& place, data::EpisodeSampler episodes, std::vector<data::Task> training,
               const GenerationOptions& options);

    /// Evaluates what falls to this rank in generation \p number. false when \p interrupted, which is asked before
    /// every task, said so: judge() must not follow then. Not collective, but every rank calls it.
    bool evaluate(std::span<const Island> islands, int number, const std::function<bool()>& interrupted);
    /// Gives the islands of the last evaluate() their fitness, from what all ranks computed, and ranks their members.
    /// Returns how many individuals had a loss that was not finite. Collective.
    int judge(std::span<Island> islands, const evo::Selection& selection);

    const data::EpisodeSampler& episodes() const noexcept { return episodes_; }
    meta::TaskShape shape() const;

  private:
    void draw_tasks(int number);
    /// Their genotypes, and what was known of these.
    void take_in(std::span<const Island> islands);
    meta::EpisodeEvaluator evaluator(const std::function<bool()>& interrupted);

    Place place_;
    data::EpisodeSampler episodes_;
    std::vector<data::Task> training_;
    GenerationOptions options_;
    std::vector<data::Task> tasks_;
    DistinctGenotypes distinct_;
    std::vector<std::optional<Evidence>> former_;  ///< by genotype; none of newcomers
    std::vector<double> accuracies_;               ///< by genotype and task; zero where another rank computes it
};

}  // namespace atnas::engine
