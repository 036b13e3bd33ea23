#pragma once
/// \file
/// One island: a population, and its share of the meta-learning.

#include <vector>

#include "atnas/app/deck.hpp"
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

    /// Learns from this island's share of the meta-batch of \p iteration; the sum is in gradient(), sealed.
    void learn(const Deck& deck, int iteration, const space::SearchSpace& space, const data::EpisodeSampler& episodes,
               supernet::Supernet& supernet, meta::MetaLearner& learner);
    /// Evaluates every member on the episodes of \p generation and ranks them.
    void evaluate(space::Evaluator& evaluator, int generation);

  private:
    space::Genotype choose_path(const Deck& deck, int iteration, int task, const space::SearchSpace& space) const;

    int number_;
    evo::Population population_;
    meta::MetaGradient gradient_;
    data::Episode episode_;
};

/// Tasks of island \p island in a meta-batch: equal shares, the first islands one more where it does not divide.
int share_of_batch(int batch, int island, int islands) noexcept;

}  // namespace atnas::app
