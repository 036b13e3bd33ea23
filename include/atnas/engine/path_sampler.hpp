// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which subnet, or path through the supernet, a training task trains.

#include <cstdint>
#include <limits>

#include "atnas/core/random.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

/// What trains when no member of the population does: a mutant of a member, or any member of the space.
enum class Explore { mutant, uniform };

struct PathOptions {
    double sample_population{1.0};        ///< chance that a task trains a member of the population, after the ramp
    double sample_population_start{1.0};  ///< the same at iteration 0
    int sample_ramp{0};                   ///< iterations over which it goes linearly from one to the other
    Explore explore{Explore::mutant};
    int finalists_from{std::numeric_limits<int>::max()};  ///< iteration from which on only members train

    /// p(t) of the search loop.
    double chance_of_population(int iteration) const noexcept;
};

/// A function of seed, iteration, island and task.
class PathSampler {
  public:
    /// \p mutation_rate: of mutants, as space::SearchSpace::mutate() takes it. Keeps a reference to \p space.
    PathSampler(const space::SearchSpace& space, const PathOptions& options, double mutation_rate, std::uint64_t seed);

    /// Of task \p task of \p island in meta-iteration \p iteration; canonical, as fitness computes it.
    space::Genotype choose(const Island& island, int iteration, int task) const;
    /// About how much work that is, without drawing it: the MACs of the member that it is or derives from, of the
    /// island's mean member where it derives from none.
    double expected_macs(const Island& island, int iteration, int task) const;

  private:
    enum class Origin { member, mutant, anywhere };
    struct Draw {
        Origin origin;
        const evo::Individual* member;  ///< null for anywhere
        RandomStream random;            ///< for the rest
    };
    Draw draw(const Island& island, int iteration, int task) const;

    const space::SearchSpace& space_;
    PathOptions options_;
    double mutation_rate_;
    std::uint64_t seed_;
};

}  // namespace atnas::engine
