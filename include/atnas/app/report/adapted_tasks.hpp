// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What adapting architectures adds over many tasks: figures, text and JSON.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/app/report/task_kind.hpp"
#include "atnas/engine/novel_task.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/meta/statistics.hpp"

namespace atnas::app {

/// Of a task: accuracies on its queries, 0 .. 1.
struct AdaptedTask {
    double alone{0};     ///< of the meta-network's best encode
    double adapted{0};   ///< of what was chosen
    double found{0};     ///< of what was best on folds
    double together{0};  ///< of the ensemble of what was chosen; adapted where it is one network
    double random{0};    ///< of an encode drawn from the space
    double folds{0};     ///< gain in accuracy on folds of what was best there
    double moved{0};     ///< 1 where another encode than the first one was chosen
    double evaluations{0};
    double seconds{0};  ///< of search and adaptation
};

struct AdaptedKind {
    TaskKind kind{};
    std::vector<AdaptedTask> tasks;  ///< in task order; at least one
};

struct AdaptedTasks {
    std::string checkpoint, data, split, first_encode;
    int query{0}, steps{0}, ranks{1};
    std::uint64_t seed{0};
    meta::Statistics statistics{meta::Statistics::query};
    evo::Kind search{evo::Kind::islands};
    engine::SearchBudget budget{};
    int ensemble{1};  ///< networks whose mean probabilities count, at most
    std::vector<AdaptedKind> kinds;
    bool stopped{false};  ///< then there are no kinds
};

std::string text_of(const AdaptedTasks& tasks);
nlohmann::json json_of(const AdaptedTasks& tasks);

}  // namespace atnas::app
