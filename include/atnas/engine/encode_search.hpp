// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Evolution of encodes for one task, by ask and tell: the search says whom it wants judged, the caller says how good
/// they are.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/migration.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

struct EncodeSearchOptions {
    /// Kind::fixed is no search: the first of the elite alone.
    evo::EvolutionOptions evolution{};
    int islands{1};
    MigrationOptions migration{};
    std::uint64_t seed{1};
};

/// An encode and what the caller said of it.
struct JudgedEncode {
    space::Genotype genotype;  ///< canonical
    double fitness;            ///< evo::worst_fitness where it was no finite number
};

/// Here weights stand still between generations, unlike in a search over tasks, so that no encode is judged twice, and
/// what was told so far is all there is to know of the state: a search that is given it again asks for the same.
/// Every rank has one and tells it the same.
class EncodeSearch {
  public:
    /// Everything that outlives it.
    struct Place {
        const space::SearchSpace& space;
        const space::CostModel& costs;
        const comm::Communicator& communicator;
    };
    /// \p elite: encodes to begin with, best first; they are dealt to the islands in turn, and mutants fill up. With
    /// Kind::random, or without elite, the first members are what evo::Evolution::found() makes without a founder.
    /// \pre options.islands > 0; problems_of(options.evolution) is empty; those of the topology too; elite is legal
    EncodeSearch(const Place& place, const EncodeSearchOptions& options, std::span<const space::Genotype> elite);

    /// Distinct canonical encodes of the generation that were never judged. May be empty: then tell({}) goes on.
    std::span<const space::Genotype> asked() const noexcept { return asked_; }
    /// Their fitness, larger is better, in their order; NaN is worse than any other. Migrates and breeds the next
    /// generation. \pre one value each; the same on every rank. Collective.
    void tell(std::span<const double> fitness);

    /// Of the generations that were told.
    int generations() const noexcept { return generation_; }
    /// Of members, best first, each encode once: of all that were judged so far. Fewer than \p count where there are
    /// no more.
    std::vector<JudgedEncode> best(std::size_t count) const;
    std::size_t evaluations() const noexcept { return judged_.size(); }

  private:
    void ask();

    Place place_;
    std::unique_ptr<evo::Selection> selection_;
    evo::Evolution evolution_;
    Migration migration_;
    std::vector<Island> islands_;
    std::map<space::Genotype, double> judged_;
    std::vector<space::Genotype> asked_;
    int generation_{0};
};

}  // namespace atnas::engine
