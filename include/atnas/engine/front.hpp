// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a search offers to choose from: the networks that no other one of it is better than in everything.

#include <span>
#include <vector>

#include "atnas/engine/island.hpp"
#include "atnas/evo/objectives.hpp"
#include "atnas/space/cost_counter.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

struct Front {
    evo::Population members;  ///< highest fitness first; each network once
    /// Share of all pairs (triples) of an error and costs that the members are better than, 0 to 1: the hypervolume of
    /// their errors, 1 - fitness, and their costs relative to the largest ones, with respect to an error of 1 and those
    /// costs. The same scale in every generation, and for all islands, bounds and budgets of a space.
    double hypervolume{0};
};

/// What is referred to must outlive it.
struct FrontScale {
    const space::SearchSpace& space;
    std::vector<evo::ObjectiveName> objectives;  ///< at least one
    space::Cost largest;                         ///< CostModel::largest()
    double largest_latency{0};                   ///< LatencyTable::largest(); \pre above 0 where it is an objective
    double max_latency{0};                       ///< who takes longer is left out; 0 = nobody is
};

/// The non-dominated set of all islands. Those that have no accuracy or exceed the limit are left out, and with racing
/// those who did not go as far as others. Not collective: all ranks hold all islands.
Front front_of(std::span<const Island> islands, const FrontScale& scale);

}  // namespace atnas::engine
