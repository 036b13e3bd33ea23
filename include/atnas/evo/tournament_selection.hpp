// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Selection by one order of all members: tournaments choose parents, elitism and age say who survives.

#include "atnas/evo/selection.hpp"

namespace atnas::evo {

/// Parents are winners of tournaments (Goldberg and Deb 1991); the elite survives whatever its age, then the best that
/// are not over age (Real et al. 2019 let age alone decide).
class TournamentSelection final : public Selection {
  public:
    /// \pre problems_of(options) is empty
    explicit TournamentSelection(const SelectionOptions& options, Objectives objectives = {});

    void rank(Population& population) const override;
    Population survivors(const Population& ranked, std::size_t places) const override;
    std::size_t parent(const Population& ranked, std::optional<std::size_t> barred,
                       RandomStream& random) const override;
    bool may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const override;

  private:
    SelectionOptions options_;
    Objectives objectives_;
};

}  // namespace atnas::evo
