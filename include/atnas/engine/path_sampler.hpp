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

/// What trains when no member of the population does.
enum class Explore {
    mutant,   ///< of a member
    uniform,  ///< any member of the space
    fair,     ///< members of the space such that all operations train as often: space::SearchSpace::fair()
};

struct PathOptions {
    double sample_population{1.0};        ///< chance that a task trains a member of the population, after the ramp
    double sample_population_start{1.0};  ///< the same at iteration 0
    int sample_ramp{0};                   ///< iterations over which it goes linearly from one to the other
    Explore explore{Explore::mutant};
    int finalists_from{std::numeric_limits<int>::max()};  ///< iteration from which on only members train

    /// p(t) of the search loop.
    double chance_of_population(int iteration) const noexcept;
};

/// Which task of a search.
struct TaskPlace {
    int iteration;         ///< meta-iteration
    int task;              ///< of the island's in that iteration
    std::uint64_t number;  ///< of all tasks of all islands, from the search's first on
};

/// A function of seed, island and place. Explore::fair gives the task of number n the n-th fair path, whether or not
/// those before explored: what explores is then a random share of a list that is strictly fair, so that all operations
/// train equally often on average, and exactly so where every task explores (sample_population = 0). Numbers that
/// depend on the seed alone need no memory, which a restart would have to bring back.
class PathSampler {
  public:
    /// \p mutation_rate: of mutants, as space::SearchSpace::mutate() takes it. Keeps a reference to \p space.
    PathSampler(const space::SearchSpace& space, const PathOptions& options, double mutation_rate, std::uint64_t seed);

    /// Of a task of \p island; canonical, as fitness computes it.
    space::Genotype choose(const Island& island, const TaskPlace& place) const;
    /// About how much work that is, without drawing it: the MACs of the member that it is or derives from, of the
    /// island's mean member where it derives from none.
    double expected_macs(const Island& island, const TaskPlace& place) const;

  private:
    enum class Origin { member, mutant, anywhere, fair };
    struct Draw {
        Origin origin;
        const evo::Individual* member;  ///< null where it derives from none
        RandomStream random;            ///< for the rest
    };
    Draw draw(const Island& island, const TaskPlace& place) const;

    const space::SearchSpace& space_;
    PathOptions options_;
    double mutation_rate_;
    std::uint64_t seed_;
};

}  // namespace atnas::engine
