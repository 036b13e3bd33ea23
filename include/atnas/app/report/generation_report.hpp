// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The figures of a generation over all islands, from the history that a search keeps and a checkpoint holds.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/evo/individual.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {

/// A member of the front.
struct FrontMember {
    std::string encode;
    double fitness;
    std::int64_t parameters, macs, memory;
    double latency;  ///< microseconds; NaN where it was not measured
};

struct GenerationReport {
    std::int64_t generation{0};
    std::int64_t iteration{0};  ///< meta-iterations done
    std::int64_t tasks{0};
    double loss{std::numeric_limits<double>::quiet_NaN()};  ///< mean query loss of training since the generation before
    double best_fitness{std::numeric_limits<double>::quiet_NaN()};
    double mean_fitness{std::numeric_limits<double>::quiet_NaN()};
    std::string best_encode;     ///< empty before the first generation
    std::int64_t parameters{0};  ///< of the best encode
    std::int64_t macs{0};
    /// Of predicted and measured fitness of newcomers, NaN where there is none; nothing without evo.surrogate.
    std::optional<double> surrogate_correlation{};
    // Of searches by several objectives.
    std::vector<FrontMember> front;  ///< over all islands, highest fitness first
    double hypervolume{0};           ///< of the front
};

/// The best individual of the newest generation, by evo::Objectives; none before the first. Only genotype, fitness and
/// costs are filled. By several objectives that is the one of highest fitness as well.
std::optional<evo::Individual> best_of_newest_generation(std::span<const io::HistoryRecord> history,
                                                         const space::CostModel& costs);

/// The newest generation. \p losses: one per meta-iteration from the start. tasks and surrogate_correlation are left to
/// the caller.
GenerationReport newest_generation(std::span<const io::HistoryRecord> history, std::span<const double> losses,
                                   const space::SearchSpace& space, const space::CostModel& costs);

/// Fills in the front, if there is one of that generation.
void add_front(std::span<const io::FrontRecord> fronts, const space::SearchSpace& space, GenerationReport& report);

/// The names are those of metrics.jsonl and of --json; what is not a number becomes null.
nlohmann::json json_of(const GenerationReport& report);
nlohmann::json json_of(const std::vector<FrontMember>& front);

}  // namespace atnas::app
