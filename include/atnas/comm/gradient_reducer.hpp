#pragma once
/// \file
/// Sums the islands' meta-gradients over all ranks.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/op.hpp"
#include "atnas/backend/tensor.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// ordered: contract 1, the bits do not depend on the number of ranks. fast: whatever order the library sums in.
enum class ReductionOrder { ordered, fast };

/// What the reductions of one rank cost so far.
struct ReductionFigures {
    std::size_t bytes{0};      ///< of the sums, not of what travelled for them
    double device_seconds{0};  ///< from the moment a part could start to its end, waiting for other ranks included
    double hidden_seconds{0};  ///< of these, behind the computation of the gradients
    double waited_seconds{0};  ///< that finish() took on the host
};

/// One reduction at a time, in three steps: begin(), any number of ready(), finish(). begin() and finish() are
/// collective: every rank calls them, in the same order. ready() is not: one rank may call it often, another never.
class GradientReducer {
  public:
    virtual ~GradientReducer() = default;
    GradientReducer(const GradientReducer&) = delete;
    GradientReducer& operator=(const GradientReducer&) = delete;

    /// total = sum over all islands of all ranks. \p mine holds this rank's islands in island order; all buffers are of
    /// equal size. Nothing is read or written yet; from here to finish() nobody else may write to total. Collective.
    /// \pre total is none of mine; the last reduction was finished
    void begin(std::span<const backend::Buffer* const> mine, backend::Buffer& total);

    /// Whether ready() starts anything: saying early what is final costs something.
    virtual bool overlaps() const noexcept { return false; }

    /// Elements from \p first to the end of the weights are final, in all of this rank's islands, once what is queued
    /// on \p context so far is done: a reducer may begin to sum them behind it. Does not wait for other ranks.
    /// \pre after begin(); \p first falls from call to call
    virtual void ready(backend::Context& context, std::size_t first);

    /// Everything is final on \p context. What is queued there afterwards sees the sums. Throws Error(failed) when
    /// they did not come about. Collective.
    virtual void finish(backend::Context& context) = 0;

    /// begin() and finish(). Collective.
    void sum(backend::Context& context, std::span<const backend::Buffer* const> mine, backend::Buffer& total);

    virtual ReductionFigures figures() const { return {}; }

  protected:
    GradientReducer() = default;

    std::span<const backend::Buffer* const> mine() const noexcept { return mine_; }
    /// \pre after begin()
    backend::Buffer& total() const noexcept { return *total_; }
    bool begun() const noexcept { return total_ != nullptr; }
    /// The reduction is over.
    void end() noexcept { total_ = nullptr; }

  private:
    std::vector<const backend::Buffer*> mine_;
    backend::Buffer* total_{nullptr};
};

/// Contract 1: sums in a fixed binary tree over island index, so that the bits do not depend on the number of ranks.
/// tree(lo, hi) = tree(lo, mid) + tree(mid, hi), mid = lo + (hi - lo + 1) / 2. Each rank sums one slice of the
/// parameters; traffic per rank is that of a reduce-scatter and an all-gather when every rank has one island.
/// Host buffers, float32; everything happens in finish(), which expects that they are final.
std::unique_ptr<GradientReducer> make_ordered_reducer(const Communicator& communicator, int islands);

/// MPI_Allreduce of the rank's local sum: less memory, but the bits depend on ranks and MPI library (`reduction =
/// fast`). Host buffers as above.
std::unique_ptr<GradientReducer> make_fast_reducer(const Communicator& communicator, int islands);

/// One of the two.
std::unique_ptr<GradientReducer> make_host_reducer(const Communicator& communicator, int islands, ReductionOrder order);

}  // namespace atnas::comm
