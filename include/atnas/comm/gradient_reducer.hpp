#pragma once
/// \file
/// Sums the islands' meta-gradients over all ranks.

#include <memory>
#include <span>

#include "atnas/backend/tensor.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

class GradientReducer {
  public:
    virtual ~GradientReducer() = default;

    /// total = sum over all islands of all ranks. \p mine holds this rank's islands in island order; all buffers are of
    /// equal size. \p total may not be one of \p mine. Collective.
    virtual void sum(std::span<const backend::Buffer* const> mine, backend::Buffer& total) = 0;
};

/// Contract 1: sums in a fixed binary tree over island index, so that the bits do not depend on the number of ranks.
/// tree(lo, hi) = tree(lo, mid) + tree(mid, hi), mid = lo + (hi - lo + 1) / 2. Each rank sums one slice of the
/// parameters; traffic per rank is that of a reduce-scatter and an all-gather when every rank has one island.
/// Host buffers, float32.
std::unique_ptr<GradientReducer> make_ordered_reducer(const Communicator& communicator, int islands);

/// MPI_Allreduce of the rank's local sum: less memory, but the bits depend on ranks and MPI library (`reduction =
/// fast`).
std::unique_ptr<GradientReducer> make_fast_reducer(const Communicator& communicator, int islands);

}  // namespace atnas::comm
