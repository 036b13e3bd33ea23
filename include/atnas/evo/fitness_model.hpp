// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is known of the fitness of encodes, and whether guesses from it are any good.

#include <cstddef>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "atnas/evo/individual.hpp"
#include "atnas/evo/surrogate.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::evo {

inline constexpr int most_surrogate_children = 1000;

struct SurrogateOptions {
    SurrogateKind kind{SurrogateKind::none};
    int children{8};  ///< that are made for each that is wanted: the one with the best predicted fitness is taken
};

/// All that a FitnessModel knows: what a restart needs.
struct FitnessRecord {
    static constexpr std::size_t most_judged = 1024;  ///< or all of the newest generation, if there are more
    static constexpr std::size_t most_correlations = 5;

    std::vector<Judged> judged;        ///< each encode once, by its newest evaluation; the oldest first
    std::vector<double> correlations;  ///< of the newest generations; NaN = there was none
};

/// Learns from every generation, first predicting what it does not know yet. A function of the generations that it saw:
/// the same on every rank.
class FitnessModel {
  public:
    /// Keeps a reference. \pre options.kind is not none
    FitnessModel(const SurrogateOptions& options, const space::SearchSpace& space);

    /// Predicts the fitness of those of \p members, all islands', that were never evaluated, while nobody knows it.
    void predict(const Population& members);
    /// The same members, evaluated. Those whose loss was not finite do not count.
    void learn(const Population& members);

    /// To choose children by. None where that does not help: fewer than ten encodes are known, or the rank correlation
    /// of predicted and measured fitness, averaged over the newest generations that have one, is not positive.
    const Surrogate* adviser() const noexcept;
    /// Of predicted and measured fitness in the newest generation; NaN where there is none (rank_correlation.hpp).
    double correlation() const noexcept;

    const FitnessRecord& record() const noexcept { return record_; }
    void go_on_from(FitnessRecord record);

  private:
    void train();

    SurrogateOptions options_;
    const space::SearchSpace& space_;
    FitnessRecord record_;
    std::unique_ptr<Surrogate> surrogate_;                      ///< of the record; null = too little is known
    std::vector<std::pair<space::Genotype, double>> expected_;  ///< encodes and what was predicted of them
};

}  // namespace atnas::evo
