// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the tasks of one meta-iteration contribute, in one buffer so that one reduction carries all of it.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "atnas/meta/task_plan.hpp"
#include "atnas/nn/classifier.hpp"
#include "atnas/nn/param_store.hpp"

namespace atnas::meta {

/// One per rank. All of it is whole numbers, so that it has the same bits whoever computed which task, and in whatever
/// order tasks and ranks are added. Layout of the sum: the gradient in the layout of the weights, then the use count
/// of every block, then tasks, the sum of their losses (in units of 2^-32), and how many losses did not fit.
class MetaGradient {
  public:
    /// What one of \p most_tasks tasks contributes has to be smaller in every element: 2^18 / (2 most_tasks). \pre > 0
    static constexpr double contribution_limit(int most_tasks) noexcept {
        return backend::sum_range / (TaskPlan::most_addends * static_cast<double>(most_tasks));
    }

    /// \p most_tasks: of a meta-iteration, on all ranks together. A task whose gradient reaches contribution_limit(),
    /// or whose loss reaches 2^30 / most_tasks, does not fit. \pre most_tasks > 0
    MetaGradient(backend::Backend& backend, backend::Context& context, const nn::ParamStore& weights, int most_tasks);

    void clear();
    /// Notes that a task trained \p blocks; its gradient is added to sum() by the meta-learner.
    void count_task(std::span<const nn::BlockId> blocks, const nn::PassResult& result);
    /// Writes the counts behind the gradient. Call after the last task, before the reduction.
    void seal();

    backend::ExactSum& sum() noexcept { return *sum_; }
    const backend::ExactSum& sum() const noexcept { return *sum_; }

    /// What the sum says, sealed or reduced.
    struct Summary {
        std::vector<std::int64_t> uses;  ///< per block
        std::int64_t tasks{0};
        double loss{0};  ///< mean over tasks; NaN where one did not fit
        /// Whether every value was a number and fitted. A step must not be made otherwise.
        bool finite{true};
    };
    Summary summary();

  private:
    backend::Backend& backend_;
    backend::Context& context_;
    std::size_t weights_;
    double loss_limit_;
    std::unique_ptr<backend::ExactSum> sum_;
    std::vector<std::int64_t> counts_;
};

}  // namespace atnas::meta
