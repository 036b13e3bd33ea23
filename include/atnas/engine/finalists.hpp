// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The end of exploration: the few best of all islands, which alone are trained from then on.

#include <span>

#include "atnas/engine/island.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

/// How a run divides into a first part, in which islands evolve, and a second one, in which the weights of few are
/// trained and nothing new is tried. Every path that trains takes training time from all others, so a network that is
/// to be good in the end is better alone.
struct FinalistOptions {
    double until{1.0};  ///< share of the iterations in which islands evolve; 1 = all
    int count{1};       ///< who stays after them

    /// The iteration from which on there are finalists only, of a run of \p iterations; none where until is 1.
    int begin(int iterations) const noexcept;
};

/// Gives every island the best \p count of all members, each genotype once: fewer where there are no more. They get
/// older by a generation. Done again, it changes their ages alone. Not collective: all ranks hold all islands.
/// \pre members are judged; count > 0
void keep_finalists(std::span<Island> islands, int count, const evo::Selection& selection,
                    const space::SearchSpace& space);

}  // namespace atnas::engine
