// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where the time of a run went, over all ranks.

#include <array>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::app {

/// Seconds over ranks.
struct Spread {
    double min{0};
    double avg{0};
    double max{0};
};

/// One Spread per Phase, in its order.
using PhaseReport = std::array<Spread, phase_count>;

/// Collective.
PhaseReport phase_report(const PhaseTimes& own, const comm::Communicator& communicator);

/// "forward 1.2/1.3/1.4, backward ...": min/avg/max in seconds.
std::string text_of(const PhaseReport& report);
/// {"forward": {"min": .., "avg": .., "max": ..}, ...}
nlohmann::json json_of(const PhaseReport& report);

}  // namespace atnas::app
