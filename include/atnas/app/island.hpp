// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One island: a population, and its share of the meta-learning.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/meta/tasks_in_flight.hpp"
#include "atnas/space/evaluator.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {

class Island {
  public:
    Island(int number, evo::Population population);

    int number() const noexcept { return number_; }
    evo::Population& population() noexcept { return population_; }
    const evo::Population& population() const noexcept { return population_; }

    /// Learns from this island's share of the meta-batch of \p iteration; what it contributes is added to \p gradient.
    /// As many tasks of the rank are in flight as there are lanes, those of other islands among them. Adds what
    /// forward and backward passes took to \p times. \p ready, if given, hears from where on the gradient is final,
    /// together with that of all tasks that were started before, in what is queued on the context it gets. \pre
    /// gradient and times outlive the tasks in flight
    using Ready = std::function<void(backend::Context& context, std::size_t first)>;
    void learn(const Deck& deck, int iteration, const space::SearchSpace& space, const data::EpisodeSampler& episodes,
               meta::TasksInFlight& in_flight, meta::MetaLearner& learner, meta::MetaGradient& gradient,
               PhaseTimes& times, const Ready& ready = {});
    /// Fitness of every member, in their order; nothing when the evaluator was interrupted. Changes no member.
    std::optional<std::vector<double>> evaluate(space::Evaluator& evaluator) const;
    /// Gives the members their fitness, evo::worst_fitness where it is not finite, and ranks them by \p selection.
    /// Returns how many were not finite.
    int judge(std::span<const double> fitness, const evo::Selection& selection);

  private:
    /// Counts a task that is done. \param before the times of its plan when it began
    static void count(meta::TaskPlan& plan, const PhaseTimes& before, meta::MetaGradient& gradient, PhaseTimes& times);
    space::Genotype choose_path(const Deck& deck, int iteration, int task, const space::SearchSpace& space) const;

    int number_;
    evo::Population population_;
    data::Task task_;
};

/// Tasks of island \p island in a meta-batch: equal shares, the first islands one more where it does not divide.
int share_of_batch(int batch, int island, int islands) noexcept;

}  // namespace atnas::app
