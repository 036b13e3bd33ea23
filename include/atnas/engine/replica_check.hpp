// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether all ranks still hold the same weights.

#include "atnas/comm/communicator.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

/// Throws Error(failed) on every rank, naming those that differ from rank 0, when the digests are not all the same:
/// broken memory, a faulty network or library. Collective.
void expect_equal_replicas(Digest own, const comm::Communicator& communicator);
/// The same of weights and of the optimizer's moments. Returns whether all of their values are finite, as equal
/// replicas say alike. Collective.
bool expect_equal_replicas(supernet::Supernet& network, meta::OuterOptimizer& optimizer,
                           const comm::Communicator& communicator);

}  // namespace atnas::engine
