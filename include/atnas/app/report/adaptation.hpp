// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas adapt` says of a task.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/engine/novel_task.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/io/reproducibility.hpp"
#include "atnas/meta/statistics.hpp"

namespace atnas::app {

/// An encode and what the folds of the task say of it.
struct FoldFigures {
    std::string encode;
    engine::FoldResult result{};
    std::int64_t parameters{0}, macs{0};  ///< with a head for the task's classes
};

struct AdaptationReport {
    std::string data, data_digest, checkpoint;
    int classes{0};
    std::int64_t images{0}, fewest{0}, most{0};  ///< in all, and per class
    std::size_t folds{0};
    int steps{0};  ///< of the inner loop
    meta::Statistics statistics{meta::Statistics::support};
    evo::Kind search{evo::Kind::islands};
    std::string budget;  ///< of the search, for people; empty = none
    std::uint64_t seed{0};
    FoldFigures first;              ///< the meta-network's best encode: its weights alone are adapted
    FoldFigures found;              ///< the best on the folds
    bool cautious{false};           ///< found must be better than luck to be chosen, see engine::Caution
    std::vector<FoldFigures> best;  ///< members of the ensemble, best first; empty where the search was stopped
    std::size_t evaluations{0};
    int generations{0};
    engine::SearchEnd end{engine::SearchEnd::budget};
    bool timed{false};  ///< the budget was a time: another run may find other encodes
    io::Reproducibility reproducibility;
    double search_seconds{0}, seconds{0};
};

std::string text_of(const AdaptationReport& report);
/// What will be done, before anything is judged.
std::string plan_of(const AdaptationReport& report);
/// The figures of a plan.
nlohmann::json plan_json_of(const AdaptationReport& report);
nlohmann::json json_of(const AdaptationReport& report);
/// For the file of a network.
std::map<std::string, double> figures_of(const AdaptationReport& report);

/// As --search has it.
std::string search_name(evo::Kind kind);

}  // namespace atnas::app
