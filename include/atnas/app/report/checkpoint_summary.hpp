// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is in a checkpoint: its counters, islands, front, how often operations trained, provenance and deck.

#include "atnas/app/report/file_summary.hpp"
#include "atnas/io/checkpoint.hpp"

namespace atnas::app {

/// Encodes of a deck that this version cannot read are left out. Throws Error(bad_data): an encode that is not legal in
/// the deck's space.
FileSummary checkpoint_summary(const io::CheckpointState& state);

}  // namespace atnas::app
