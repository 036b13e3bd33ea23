// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whose means and variances normalise the images of a task.

#include <array>
#include <string_view>

namespace atnas::meta {

enum class Statistics {
    query,    ///< each set's own: the query's accuracy profits from seeing all queries at once (transductive)
    support,  ///< the support set's for both
    joint,    ///< those of support and query in one batch (transductive)
    running,  ///< averages over training tasks, estimated for a subnet before it is judged; joint while it is trained
};

inline constexpr std::array all_statistics{Statistics::query, Statistics::support, Statistics::joint,
                                           Statistics::running};

/// As decks say.
std::string_view name_of(Statistics statistics) noexcept;
/// Whether what is said of a query image depends on the other query images.
bool is_transductive(Statistics statistics) noexcept;
/// Those that a training task has.
Statistics in_training(Statistics statistics) noexcept;

}  // namespace atnas::meta
