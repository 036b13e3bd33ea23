// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/gather_populations.hpp"

#include <cstddef>

#include "atnas/evo/population_bytes.hpp"

namespace atnas::app {

std::vector<evo::Population> gather_populations(std::span<const Island> mine, const comm::Communicator& communicator) {
    std::vector<std::byte> message;
    for (const Island& island : mine) evo::append_bytes(island.population(), message);
    // Ranks hold islands in order (comm/island_map.hpp).
    return evo::read_populations(communicator.all_gather(message));
}

}  // namespace atnas::app
