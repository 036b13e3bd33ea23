// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Meta-training: the tasks of a meta-iteration, their meta-gradient, and the step on the shared weights.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/engine/gradient_step.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/path_counts.hpp"
#include "atnas/engine/path_sampler.hpp"
#include "atnas/engine/pretraining.hpp"
#include "atnas/engine/task_source.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/meta/task_shape.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {

struct MetaTrainingOptions {
    std::uint64_t seed{1};
    int batch{8};  ///< tasks per meta-iteration, over all islands
    meta::Learner learner{meta::Learner::fomaml};
    meta::AdaptationOptions adaptation{};
    /// Of tasks, from the first on, that learn as Learner::fomaml (MAML++: Antoniou et al. 2019).
    int first_order_iterations{0};
    /// Of tasks, from the first on, in which the query losses after all inner steps count, alike at first and then less
    /// and less but for the last (the same paper). \pre 0, or the plans have meta::QueryLosses::every_step
    int multi_step_iterations{0};
    meta::Statistics statistics{meta::Statistics::query};
    meta::OuterOptions outer{};
    PretrainingOptions pretraining{};
    PathOptions paths{};
    double mutation_rate{0.1};  ///< of paths that are mutants

    /// Items of an iteration, tasks or mini-batches, of whichever phase has more.
    int most_items() const noexcept {
        return pretraining.iterations > 0 ? std::max(batch, pretraining.batches) : batch;
    }
    /// Items of all iterations before \p iteration.
    std::uint64_t items_before(int iteration) const noexcept;
};

/// One per rank, all of one search in step with each other.
class MetaTraining {
  public:
    /// Everything that outlives it.
    struct Place {
        MetaNetwork& net;
        comm::GradientReducer& reducer;
        WorkSharing& sharing;
        const comm::Communicator& communicator;
        PhaseTimes& times;
    };
    MetaTraining(const Place& place, const TaskSource::Training& data, const MetaTrainingOptions& options);

    /// Learns from the tasks of meta-iteration \p iteration that fall to this rank, while pretraining from
    /// mini-batches. What the reducer can do without waiting for other ranks is queued. Not collective, but every rank
    /// calls it.
    void learn(std::span<const Island> islands, int iteration);

    /// Of the optimizer. Pretraining and tasks have a schedule each, from its first iteration to its last.
    double rate_at(int iteration) const noexcept;
    bool pretrains(int iteration) const noexcept { return iteration < options_.pretraining.iterations; }
    /// Whether the tasks of an iteration, whatever the learner, are learned as first-order MAML does.
    bool is_first_order(int iteration) const noexcept {
        return iteration - options_.pretraining.iterations < options_.first_order_iterations;
    }

    /// Weight of the query loss after every step but the last.
    double early_loss_at(int iteration) const noexcept;

    struct Step {
        double loss;         ///< mean over all tasks, or mini-batches
        std::int64_t tasks;  ///< of all ranks, or mini-batches
        bool made;           ///< no: the meta-gradient was not finite or too large for an exact sum; nothing changed
    };
    /// Sums what all ranks learned and steps on the shared weights. Collective.
    Step step(int iteration);

    const data::EpisodeSampler& episodes() const noexcept { return episodes_; }
    meta::TaskShape shape() const;
    meta::OuterOptimizer& optimizer() noexcept { return step_.optimizer(); }
    /// Of tasks and mini-batches whose step was made.
    PathCounts& path_counts() noexcept { return path_counts_; }
    std::size_t gradient_words() const noexcept { return step_.gradient().sum().words(); }

  private:
    struct Item {
        const Island* island;
        TaskPlace place;
    };
    WorkList work_of(std::span<const Island> islands, int iteration);
    enum class Last { no, yes };
    std::unique_ptr<meta::MetaLearner> learner_at(int iteration) const;
    void learn(const Item& item, meta::TasksInFlight& in_flight, Last last);
    void pretrain(const Item& item, meta::TasksInFlight& in_flight);
    /// Which subnet learns it; it counts.
    space::Genotype path_of(const Item& item);
    RandomKey key_of(const Item& item, Purpose purpose) const;
    /// What a plan says of a task that is done. \param read waits for it
    struct TaskDone {
        std::span<const nn::BlockId> blocks;
        const PhaseTimes& times;
        std::function<nn::PassResult()> read;
    };
    /// \param before the times of the plan when the task began
    void count(const TaskDone& task, const PhaseTimes& before);

    Place place_;
    data::EpisodeSampler episodes_;
    MetaTrainingOptions options_;
    PathSampler paths_;
    PathCounts path_counts_;                      ///< of this rank
    std::unique_ptr<meta::MetaLearner> learner_;  ///< of the iteration
    GradientStep step_;
    std::vector<Item> items_;  ///< of all ranks
    data::Task task_;
    std::optional<Pretraining> pretraining_;
};

/// Tasks of island \p island in a meta-batch: equal shares, the first islands one more where it does not divide.
int share_of_batch(int batch, int island, int islands) noexcept;

}  // namespace atnas::engine
