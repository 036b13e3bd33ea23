// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether two lists put things in the same order.

#include <optional>
#include <span>

namespace atnas::evo {

/// Spearman's rank correlation: Pearson's correlation of the ranks, equal values having the mean of the ranks that they
/// take up together (Kendall & Gibbons 1990, "Rank correlation methods"). From -1, the opposite order, to 1, the same.
/// None for fewer than three pairs, and where all values of a list are equal. \pre the lists have one length and hold
/// numbers
std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace atnas::evo
