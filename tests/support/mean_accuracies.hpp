// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Subnets judged by all of some tasks at once.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "atnas/meta/episode_evaluator.hpp"

namespace atnas::test {

/// Mean accuracy of each genotype over the tasks, added in their order.
inline std::vector<double> mean_accuracies(meta::EpisodeEvaluator& evaluator,
                                           std::span<const space::Genotype> genotypes, std::size_t tasks) {
    std::vector<double> accuracies(genotypes.size() * tasks);
    std::size_t item = 0;
    evaluator.evaluate(
        genotypes, [&] { return item < accuracies.size() ? std::optional(item++) : std::nullopt; }, accuracies);
    std::vector<double> means(genotypes.size(), 0.0);
    for (std::size_t i = 0; i < accuracies.size(); ++i) means[i / tasks] += accuracies[i];
    for (double& mean : means) mean /= static_cast<double>(tasks);
    return means;
}

}  // namespace atnas::test
