// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Selection by several objectives at once, none of which is weighed against another.

#include "atnas/evo/selection.hpp"

namespace atnas::evo {

/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC
/// 6(2), 2002). Members are ranked by front, then by crowding distance, larger first (evo/dominance.hpp), then by the
/// total order of the objectives, the first of which counts most. So the first in rank is the best of the first
/// objective, among those who went furthest in racing; after it come the other ends of the first front. Who stopped
/// earlier in racing comes behind those who went further, ranked among themselves in the same way. Those whose loss was
/// not finite and those who exceed a limit follow everybody else who has a fitness, however cheap they are (as
/// infeasible ones in the paper); those that are not evaluated come last.
///
/// Parents win tournaments by rank, which are crowded tournaments. Crowding is that of the population: a member's rank
/// may change where another one comes or goes. Hence an immigrant may take a place if it would stand before the member
/// there, were both in the population: before the last one of a front that it widens or fills, before the first one
/// only if it is better in the first objective, or as good and better in what follows.
class Nsga2Selection final : public Selection {
  public:
    /// \pre problems_of(options) is empty
    Nsga2Selection(const SelectionOptions& options, Objectives objectives);

    void rank(Population& population) const override;
    bool may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const override;

  private:
    Objectives objectives_;
};

}  // namespace atnas::evo
