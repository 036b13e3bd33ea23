// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every rank knows of all islands.

#include <span>
#include <vector>

#include "atnas/app/island.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/evo/individual.hpp"

namespace atnas::app {

/// The populations of all islands, by island, on every rank; \p mine are those of this rank. Collective.
std::vector<evo::Population> gather_populations(std::span<const Island> mine, const comm::Communicator& communicator);

}  // namespace atnas::app
