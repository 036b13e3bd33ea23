// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Successive halving over the tasks of a generation (Jamieson and Talwalkar 2016): the worse half of each island is
/// sorted out after few tasks, which leaves the others more of them for the same work. Pure functions.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/engine/evidence.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/evo/selection.hpp"

namespace atnas::engine {

/// Who goes on whatever happens, unless it is broken.
enum class Guard {
    nobody,
    best_elder,  ///< of an island's survivors the one that came first in the last generation, for newcomers to be
                 ///< compared with it
};

/// Who races.
struct Starters {
    std::span<const Island> islands;
    std::span<const std::vector<std::size_t>> of_member;  ///< by island and member, the index of its genotype
    Guard guard{Guard::nobody};
};

/// The most rounds that \p tasks can be divided into: each has one at least.
int most_rounds(int tasks) noexcept;

/// By island, the indices of members who are still in. Ascending.
using Racers = std::vector<std::vector<std::size_t>>;

/// How many tasks a genotype has seen after every round. The last round is half of the tasks, the one before half of
/// the rest, and so on; the first two are equal, but for rounding. \pre 0 < rounds <= most_rounds(tasks)
std::vector<std::size_t> round_ends(int tasks, int rounds);

/// Who of \p racing goes on: on every island the better half, rounded up, by what is known of them so far, \p evidence
/// by genotype, and by the order of \p selection, which counts no errors in; beside it who is guarded. Who is broken is
/// out.
Racers going_on(const Starters& starters, const Racers& racing, std::span<const Evidence> evidence,
                const evo::Selection& selection);

/// Those that any of \p racing stands for, each once. Ascending.
std::vector<std::size_t> genotypes_of(const Starters& starters, const Racers& racing);

}  // namespace atnas::engine
