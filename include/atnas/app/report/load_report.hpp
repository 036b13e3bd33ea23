// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How evenly the training tasks of a run were shared by its ranks.

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "atnas/comm/communicator.hpp"

namespace atnas::app {

/// CPU seconds that a rank's training tasks take in one meta-iteration. They do not count other ranks or programs on
/// the same core: busiest / mean tells the balance on any machine. 0 where too few iterations were run.
struct LoadReport {
    double mean{0};     ///< over ranks
    double busiest{0};  ///< of the rank that others wait for, another one in every iteration
};

/// Mean over the second half of the iterations: in the first one ranks make plans and primitives.
/// \p own: CPU seconds of this rank's tasks, iteration by iteration; of equal length on all ranks. Collective.
LoadReport load_report(std::span<const double> own, const comm::Communicator& communicator);

/// {"mean": .., "busiest": ..}
nlohmann::json json_of(const LoadReport& report);

}  // namespace atnas::app
