// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Sums the ranks' meta-gradients.

#include <cstddef>

#include "atnas/backend/exact_sum.hpp"
#include "atnas/backend/op.hpp"
#include "atnas/comm/reduction.hpp"

namespace atnas::comm {

/// What the reductions of one rank cost so far.
struct ReductionFigures {
    std::size_t bytes{0};      ///< of the sums, not of what travelled for them
    double device_seconds{0};  ///< from the moment a part could start to its end, waiting for other ranks included
    double hidden_seconds{0};  ///< of these, behind the computation of the gradients
    double waited_seconds{0};  ///< that finish() took on the host
};

/// One reduction at a time, in three steps: begin(), any number of ready(), finish(). begin() and finish() are
/// collective: every rank calls them, in the same order. ready() is not: one rank may call it often, another never.
/// With one rank nothing happens.
class GradientReducer {
  public:
    virtual ~GradientReducer() = default;
    GradientReducer(const GradientReducer&) = delete;
    GradientReducer& operator=(const GradientReducer&) = delete;

    /// sum = sum over all ranks, the flag included; of equal size on all. Nothing is read or written yet. Collective.
    /// \pre the last reduction was finished
    void begin(backend::ExactSum& sum);

    /// Whether ready() starts anything: saying early what is final costs something.
    virtual bool overlaps() const noexcept { return false; }

    /// Elements from \p first to the end of the weights are final on this rank once what is queued on \p context so far
    /// is done: a reducer may begin to sum them behind it. Does not wait for other ranks.
    /// \pre after begin(); \p first falls from call to call
    virtual void ready(backend::Context& context, std::size_t first);

    /// Everything is final on \p context. What is queued there afterwards sees the sums. Throws Error(failed) when
    /// they did not come about. Collective.
    virtual void finish(backend::Context& context) = 0;

    /// begin() and finish(). Collective.
    void sum(backend::Context& context, backend::ExactSum& sum);

    virtual ReductionFigures figures() const { return {}; }

  protected:
    GradientReducer() = default;

    /// \pre after begin()
    backend::ExactSum& sum() const noexcept { return *sum_; }
    bool begun() const noexcept { return sum_ != nullptr; }
    /// The reduction is over.
    void end() noexcept { sum_ = nullptr; }

  private:
    backend::ExactSum* sum_{nullptr};
};

}  // namespace atnas::comm
