// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How evenly the work of a run was shared: what every rank computed, and how long it waited for others.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/work_sharing.hpp"

namespace atnas::app {

struct RankWork {
    double idle_seconds{0};  ///< without anything to compute, until the last rank had done its part
    engine::WorkFigures items{};
};

/// By rank. Collective.
std::vector<RankWork> all_work(const RankWork& own, const comm::Communicator& communicator);

/// "0: 0.12, 1: 0.40 (3 of 45 taken over from others)"; of many ranks those that were idle longest, and how many more
/// there are.
std::string text_of(std::span<const RankWork> ranks);
/// {"idle_seconds": [..], "items": [..], "stolen": [..]}, by rank
nlohmann::json json_of(std::span<const RankWork> ranks);

}  // namespace atnas::app
