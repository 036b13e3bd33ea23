// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// An island's populations from the first one on.

#include <cstdint>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/evo/fitness_model.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/evo/variation.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::evo {

/// Where the members of islands come from: evolution, or a baseline to compare it with.
enum class Kind {
    islands,  ///< selection, crossover and mutation
    random,   ///< first and new members are drawn from the whole space; the best survive
    local,    ///< new members are mutants of their island's best
    fixed,    ///< the founder is the only member of every island, to the end
};

struct EvolutionOptions {
    Kind kind{Kind::islands};
    int population{8};  ///< members per island (mu)
    SelectionOptions selection{};
    VariationOptions variation{};
    SurrogateOptions surrogate{};

    /// Of every island, as the kind says.
    int members() const noexcept { return kind == Kind::fixed ? 1 : population; }
};

/// Members that ids can tell apart, and so the largest population.
inline constexpr int largest_population = 4096;

/// Everything that cannot work in \p options, each naming the option and its value; empty when all is well.
std::vector<Problem> problems_of(const EvolutionOptions& options);

/// What the islands of one search have in common. What is referred to must outlive the Evolution.
struct EvolutionSetting {
    const space::SearchSpace& space;
    const space::CostModel& costs;
    const Selection& selection;
    EvolutionOptions options;  ///< those of selection count only where the size of the population is checked
    std::uint64_t seed;
    int islands;
};

/// Makes populations. A function of its setting, the island and the generation: the same on every rank.
class Evolution {
  public:
    /// \pre problems_of(setting.options) is empty, setting.islands > 0
    explicit Evolution(const EvolutionSetting& setting);

    /// Island \p island's first population: the founder itself and mutants of it, or uniform samples. No duplicates as
    /// long as the space has enough members. Founder: a function of the seed alone, unless \p founder has genes; every
    /// island gets it. Uniform samples (founder_mutations = -1) include a \p founder that has genes and none otherwise.
    /// Ids have birth 0; fitness is NaN. Kind::random and Kind::fixed differ as it says there. \pre founder has no
    /// genes or is legal
    Population found(int island, const space::Genotype& founder = {}) const;

    /// One generation: \p population is evaluated; survivors get older, children of selected parents fill up. Children
    /// that duplicate a member are redrawn by mutation a few times. A child of one parent is always mutated; a child of
    /// two may be their plain recombination. \p generation is the one in which \p population was evaluated; children
    /// are born in generation + 1 and have fitness NaN, survivors keep theirs until they are evaluated again. Survivors
    /// come first, best first. The order of \p population does not matter. That is Kind::islands; the others differ as
    /// it says there. With a \p surrogate several children are made for each that is wanted (SurrogateOptions), as
    /// without it but by random numbers of their own, and the one with the best predicted fitness is born, the first of
    /// equal ones. \pre population is not empty
    Population next(Population population, int island, int generation, const Surrogate* surrogate = nullptr) const;

  private:
    /// Bred, drawn or mutated, as the kind says; ids of its parents.
    struct Child {
        space::Genotype genotype;
        Parents parents{-1, -1};
    };
    /// \pre population is ranked
    Child child(const Population& population, RandomStream& choice, RandomStream& random) const;
    /// Where and when a child is born. Refers to the populations.
    struct Brood {
        const Population& parents;   ///< ranked
        const Population& siblings;  ///< whom it should not duplicate
        int island, generation;
    };
    /// By the random numbers of that \p item.
    Child distinct_child(const Brood& brood, std::uint32_t item) const;
    /// The best of several where there is a surrogate. \p index as that of newborn().
    Child chosen_child(const Brood& brood, int index, const Surrogate* surrogate) const;
    /// With an id and its cost, and no parents yet. \p index among those born on the island in that generation.
    Individual newborn(space::Genotype genotype, int birth, int island, int index) const;

    EvolutionSetting setting_;
};

}  // namespace atnas::evo
