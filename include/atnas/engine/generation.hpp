// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One generation's fitness: all individuals of all islands on the same validation tasks.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/engine/distinct_genotypes.hpp"
#include "atnas/engine/evidence.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/racing.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/meta/task_shape.hpp"

namespace atnas::engine {

struct GenerationOptions {
    std::uint64_t seed{1};
    int tasks{20};     ///< that judge an individual
    double memory{0};  ///< weight of a task of a former generation, see remember(); 0 = none
    int rounds{1};     ///< of racing, see engine/racing.hpp; 1 = none
    Guard guard{Guard::nobody};
    meta::AdaptationOptions adaptation{};
    meta::Statistics statistics{meta::Statistics::query};
};

/// Pairs of a genotype and a task, each evaluated once.
struct EvaluationFigures {
    std::int64_t made{0};
    std::int64_t saved{0};  ///< by racing
};

/// Fitness is the mean accuracy on queries after adaptation of the weights, of their average where one is kept. All
/// individuals of a generation get the same tasks (common random numbers: what differs is the individual); every
/// generation gets others. With memory, survivors keep what former generations told about them. Individuals of one
/// genotype are judged alike, on whatever island. With rounds, the tasks come in parts, and the worse half of every
/// island is sorted out after each: it stands behind those who went on, however it did on what it has seen.
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

    /// Begins generation \p number: its tasks, and who is judged. The islands stay as they are until judge(). Every
    /// rank calls it.
    void begin(std::span<const Island> islands, int number);
    /// Evaluates what falls to this rank in the round. false when \p interrupted, which is asked before every task,
    /// said so: only begin() may follow then. Not collective, but every rank calls it, and no rank comes to
    /// next_round() where another one was interrupted.
    bool evaluate(const std::function<bool()>& interrupted);
    /// Puts together what all ranks computed in the round, and sorts out. Whether there is another round to evaluate();
    /// else judge() follows. Collective.
    bool next_round(std::span<const Island> islands, const evo::Selection& selection);
    /// Gives the islands their fitness and ranks their members. Returns how many individuals had a loss that was not
    /// finite. Not collective: all ranks know all accuracies.
    int judge(std::span<Island> islands, const evo::Selection& selection);

    /// Of the generation that was begun last, so far.
    EvaluationFigures evaluations() const noexcept;
    const data::EpisodeSampler& episodes() const noexcept { return episodes_; }
    meta::TaskShape shape() const;

  private:
    void draw_tasks(int number);
    /// Their genotypes, and what was known of these.
    void take_in(std::span<const Island> islands);
    /// The first task of the round, and the first of the next one.
    std::pair<std::size_t, std::size_t> round_tasks() const;
    std::vector<Evidence> evidence() const;

    Place place_;
    data::EpisodeSampler episodes_;
    std::vector<data::Task> training_;
    GenerationOptions options_;
    std::vector<data::Task> tasks_;
    DistinctGenotypes distinct_;
    std::vector<std::optional<Evidence>> former_;  ///< by genotype; none of newcomers
    Accuracies accuracies_;
    std::vector<std::size_t> round_ends_;
    std::size_t round_{0};
    Racers racers_;
    std::vector<std::vector<std::int64_t>> rounds_;  ///< by island and member, after which it went on
    std::vector<std::size_t> racing_;                ///< genotypes of the round, by index
    std::vector<space::Genotype> genotypes_;         ///< all of the generation
    std::optional<meta::EpisodeEvaluator> evaluator_;
    std::vector<double> round_accuracies_;  ///< by genotype and task; zero where another rank or round computes it
};

}  // namespace atnas::engine
