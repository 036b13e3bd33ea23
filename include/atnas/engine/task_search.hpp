// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The search for encodes that suit one task, within a budget.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/encode_search.hpp"
#include "atnas/engine/fold_fitness.hpp"

namespace atnas::engine {

/// Whichever is over first. 0 = no limit.
struct SearchBudget {
    std::size_t evaluations{0};  ///< encodes that are judged, at most; but for the first generation, which is judged
    double seconds{0};           ///< from the start of the search, looked at between generations
};

/// Why a search ended. exhausted: generation after generation had no new encode.
enum class SearchEnd { budget, exhausted, stopped };

/// Says how good encodes are, the same on every rank. Collective.
using JudgeEncodes = std::function<std::vector<FoldResult>(std::span<const space::Genotype> encodes)>;

/// Judges generation after generation by \p judge. With a limit of evaluations alone it is a function of its
/// arguments, whatever the ranks; time is measured by rank 0. \p stop is asked between generations; the same on every
/// rank. \pre there is a limit. Collective.
SearchEnd search_within(const SearchBudget& budget, EncodeSearch& search, const JudgeEncodes& judge,
                        const std::function<bool()>& stop, const comm::Communicator& communicator);

}  // namespace atnas::engine
