#pragma once
/// \file
/// One island: a population, and its share of the meta-learning.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atnas/app/deck.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/episode.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/space/evaluator.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {

class Island {
  public:
    Island(int number, evo::Population population, supernet::Supernet& supernet);

    int number() const noexcept { return number_; }
    evo::Population& population() noexcept { return population_; }
    const evo::Population& population() const noexcept { return population_; }
    const meta::MetaGradient& gradient() const noexcept { return gradient_; }

    /// Learns from this island's share of the meta-batch of \p iteration; the sum is in gradient(), sealed. As many
    /// tasks are in flight as the supernet has lanes, and their contributions are added in the order of the tasks
    /// however many these are. Adds what forward and backward passes took to \p times. \p ready hears from where on the
    /// gradient is final, in what is queued on the context it gets.
    using Ready = std::function<void(backend::Context& context, std::size_t first)>;
    void learn(const Deck& deck, int iteration, const space::SearchSpace& space, const data::EpisodeSampler& episodes,
               supernet::Supernet& supernet, meta::MetaLearner& learner, PhaseTimes& times, const Ready& ready = {});
    /// Fitness of every member on the episodes of \p generation, in their order; nothing when the evaluator was
    /// interrupted. Changes no member.
    std::optional<std::vector<double>> evaluate(space::Evaluator& evaluator, int generation) const;
    /// Gives the members their fitness, evo::worst_fitness where it is not finite, and ranks them. Returns how many
    /// were not finite.
    int judge(std::span<const double> fitness);

  private:
    /// A task whose result has not been read yet.
    struct InFlight {
        nn::Plan* plan{nullptr};
        PhaseTimes before{};  ///< of the plan
    };
    /// Counts the task that is in flight, if there is one.
    void collect(InFlight& task, PhaseTimes& times);
    space::Genotype choose_path(const Deck& deck, int iteration, int task, const space::SearchSpace& space) const;

    int number_;
    evo::Population population_;
    meta::MetaGradient gradient_;
    data::Episode episode_;
};

/// Tasks of island \p island in a meta-batch: equal shares, the first islands one more where it does not divide.
int share_of_batch(int batch, int island, int islands) noexcept;

}  // namespace atnas::app
