// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a generation's evaluations say of each network, and what is remembered of former ones. Pure functions.

#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace atnas::engine {

/// By genotype, then by task. All genotypes have seen the first of the same tasks; who stopped early has fewer.
using Accuracies = std::vector<std::vector<double>>;

/// What is known of a network.
struct Evidence {
    double fitness{std::numeric_limits<double>::quiet_NaN()};  ///< an accuracy, 0 to 1; NaN = a loss was not finite
    /// Standard error of the fitness once what is common to all networks is taken out: how hard the tasks were.
    double error{0};
    double tasks{0};  ///< behind it: those seen and, discounted, those remembered
};

/// By genotype, from this generation alone; not fitness where an accuracy is not finite.
///
/// Fitness is the mean accuracy. For a genotype that stopped early it is corrected by how much harder the whole is than
/// what it has seen: the mean difference for those that saw all.
///
/// Error: on every task the mean accuracy of those that saw it is taken away (common random numbers); what is left
/// varies by s about its mean, and the error is s / sqrt(tasks). Of G genotypes the mean holds a share 1/G of each
/// itself, so squares are divided by 1 - 1/G. Where some stopped early, deviations are from the mean of every part that
/// the same genotypes saw. 0 where nothing can be compared: a single genotype or task. The errors a and b of two
/// genotypes make sqrt(a^2 + b^2) that of their difference.
std::vector<Evidence> evidence_of(const Accuracies& accuracies);

/// Joins the evidence of this generation, \p now, with what each genotype had in the former one, none for a newcomer.
///
/// Weights and tasks have moved since: the shift c is the mean over all elders of new accuracy y minus former fitness
/// f. It makes up for luck that let elders survive as well. An elder with n former tasks and T new ones then gets
/// fitness (m n (f + c) + T y) / (m n + T), as an accuracy within 0 to 1, and m n + T tasks; m = \p memory, 0 to 1, is
/// the weight of a former task (a power prior: Ibrahim and Chen 2000). Errors are joined alike, and c has one, too.
/// Newcomers keep their own evidence, as do all where there are less than two elders: one alone tells nothing of how it
/// stands to others. With memory 0 nothing changes. \pre as many values in both
void remember(std::span<Evidence> now, std::span<const std::optional<Evidence>> former, double memory);

}  // namespace atnas::engine
