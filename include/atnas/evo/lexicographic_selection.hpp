// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Selection by one objective, or by several of which the first counts most.

#include "atnas/evo/selection.hpp"

namespace atnas::evo {

/// Members are ranked by the total order of the objectives (evo/objectives.hpp).
class LexicographicSelection final : public Selection {
  public:
    /// \pre problems_of(options) is empty
    explicit LexicographicSelection(const SelectionOptions& options, Objectives objectives = {});

    void rank(Population& population) const override;
    bool may_replace(const Individual& immigrant, const Population& ranked, std::size_t place) const override;

  private:
    Objectives objectives_;
};

}  // namespace atnas::evo
