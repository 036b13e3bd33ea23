// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who lives on, who has children and who gives way to an immigrant.

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/evo/objectives.hpp"

namespace atnas::evo {

struct SelectionOptions {
    int elite{2};       ///< first in rank that always survive, whatever their age
    int tournament{2};  ///< contestants per parent
    int max_age{0};     ///< generations after which a member that is no elite dies; 0 = never
};

/// Everything that cannot work, each naming the option and its value; empty when all is well.
std::vector<Problem> problems_of(const SelectionOptions& options);

/// One way to select: an order of all members. What follows from the order alone is the same for every way: who lives
/// on, and who has children, the winners of tournaments. Variation and migration know no other order.
class Selection {
  public:
    /// \pre problems_of(options) is empty
    explicit Selection(const SelectionOptions& options);
    virtual ~Selection() = default;

    /// Best first, who is not evaluated last. The result is the same for every order of the members.
    virtual void rank(Population& population) const = 0;
    /// Whether an immigrant is good enough to take the place of the member at \p place of a ranked population: it would
    /// stand before it. Never who is not evaluated.
    virtual bool may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const = 0;

    /// Members of a ranked population that live on, in order of rank, at most \p places: the elite whatever its age,
    /// then the first that are not over age (Real et al. 2019 let age alone decide). Fewer where some must die.
    Population survivors(const Population& ranked, std::size_t places) const;
    /// Place of a parent in a ranked population, the winner of a tournament (Goldberg and Deb 1991); never \p barred.
    /// \pre there is somebody else than \p barred
    std::size_t parent(const Population& ranked, std::optional<std::size_t> barred, RandomStream& random) const;
    /// Whether \p population is as rank() leaves it.
    bool is_ranked(const Population& population) const;

  private:
    SelectionOptions options_;
};

/// By one objective a LexicographicSelection, by several an Nsga2Selection. \pre problems_of(options) is empty
std::unique_ptr<Selection> make_selection(const SelectionOptions& options, Objectives objectives = {});

}  // namespace atnas::evo
