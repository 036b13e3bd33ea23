// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One island of a search: its number and its population.

#include <cstdint>
#include <span>
#include <vector>

#include "atnas/engine/evidence.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

/// What a generation says of the members of an island, in their order.
struct Judgement {
    std::span<const Evidence> evidence;
    std::span<const std::int64_t> rounds{};  ///< of racing, after which they went on; none = there was no racing
};

/// Every rank holds all islands of a search, equal on all.
class Island {
  public:
    Island(int number, evo::Population population);

    int number() const noexcept { return number_; }
    evo::Population& population() noexcept { return population_; }
    const evo::Population& population() const noexcept { return population_; }

    /// Gives the members their fitness, evo::worst_fitness where it is not finite, what is known of its
    /// errors, and ranks them by \p selection. Elders (age above 0) are compared with each other; a newcomer with the
    /// one of them that has the highest fitness. Returns how many were not finite. \pre a value for every member
    int judge(const Judgement& judgement, const evo::Selection& selection);

  private:
    void compare_newcomers();

    int number_;
    evo::Population population_;
};

/// Islands 0 to \p islands - 1 with their first populations; \p founder as evo::Evolution::found() takes it.
std::vector<Island> found_islands(const evo::Evolution& evolution, int islands, const space::Genotype& founder = {});

}  // namespace atnas::engine
