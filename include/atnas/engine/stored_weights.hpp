// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Weights from a checkpoint into a supernet.

#include <vector>

#include "atnas/io/checkpoint.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

/// Throws Error(bad_data) that names the first block whose name, place or shape is not that of the supernet.
void load_weights(const io::CheckpointState& state, supernet::Supernet& supernet);

/// What evaluation uses of a search that keeps an average of its weights: the average instead of them. Throws
/// Error(bad_deck) when the checkpoint holds none. \pre load_weights() found its blocks to be the supernet's
void load_average(const io::CheckpointState& state, supernet::Supernet& supernet);
/// Classes of the head for pretraining; 0 where the checkpoint has none.
int pretrain_classes(const io::CheckpointState& state) noexcept;

/// The supernet's blocks as a checkpoint lists them.
std::vector<io::BlockRecord> block_records(const nn::Manifest& manifest);

}  // namespace atnas::engine
