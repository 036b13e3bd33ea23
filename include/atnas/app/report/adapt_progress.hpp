// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Lines of the log while `atnas adapt` searches.

#include <optional>
#include <string>

#include "atnas/engine/novel_task.hpp"

namespace atnas::app {

/// Says how far a search is, twenty times at most over its budget.
class AdaptProgress {
  public:
    explicit AdaptProgress(const engine::SearchBudget& budget) : budget_(budget) {}

    /// A line, where enough has been done since the last one.
    std::optional<std::string> line(const engine::SearchProgress& progress);

  private:
    /// Of the budget, 0 to 1.
    double share(const engine::SearchProgress& progress) const noexcept;

    engine::SearchBudget budget_;
    int said_{0};  ///< twentieths
};

}  // namespace atnas::app
