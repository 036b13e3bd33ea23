// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The best encodes of a checkpoint, for searches that begin with them.

#include <vector>

#include "atnas/evo/objectives.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

/// Canonical encodes of all islands' members, each once, by the \p order of the search. A \p best that has genes stands
/// before all of them. Left out is what is not legal in \p space, which may be another one than the checkpoint's. The
/// same on every rank.
std::vector<space::Genotype> elite_encodes(const io::CheckpointState& state, const space::SearchSpace& space,
                                           const evo::Objectives& order, const space::Genotype& best = {});

}  // namespace atnas::engine
