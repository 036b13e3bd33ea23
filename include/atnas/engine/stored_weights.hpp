// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Weights from a checkpoint into a supernet.

#include <cstddef>
#include <cstdint>
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

/// Which weights of a checkpoint: those of the last iteration, or their average.
enum class StoredWeights { last, average };

/// Takes the values of all blocks that the checkpoint holds under the same name and in the same shape; the others stay
/// as they are. For networks of other widths, other classes, or one network of the space alone. Returns how many
/// elements were taken. Throws Error(bad_deck) where an average is asked for and there is none.
std::size_t copy_blocks(const io::CheckpointState& state, StoredWeights which, supernet::Supernet& supernet);

/// A block's shape as files have it.
std::vector<std::uint64_t> extents_of(const backend::Shape& shape);
/// The supernet's blocks as a checkpoint lists them.
std::vector<io::BlockRecord> block_records(const nn::Manifest& manifest);

}  // namespace atnas::engine
