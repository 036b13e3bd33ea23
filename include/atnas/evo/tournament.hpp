// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tournaments between members of a ranked population.

#include <cstddef>
#include <optional>

#include "atnas/core/random.hpp"

namespace atnas::evo {

struct Tournament {
    std::size_t members;                ///< of the population, best first
    int contestants;                    ///< drawn among them; all of them if there are fewer
    std::optional<std::size_t> barred;  ///< place of somebody who cannot be drawn
};

/// Place of the winner: of distinct contestants the one of best rank. A tournament of one is won by anybody.
/// \pre there is somebody to draw, contestants > 0
std::size_t tournament(const Tournament& tournament, RandomStream& random);

}  // namespace atnas::evo
