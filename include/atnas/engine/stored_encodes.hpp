// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Encodes from a checkpoint into a search space.

#include "atnas/io/checkpoint.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

/// Throws Error(bad_data) that names the array and the genes of the first encode that is not legal in \p space, among
/// individuals, what a surrogate knows, history, fronts and migrations.
void expect_legal_encodes(const io::CheckpointState& state, const space::SearchSpace& space);

}  // namespace atnas::engine
